"""How a session looks in the list: its title, when it was, how it left the listener, and a star."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from PySide6.QtCore import QAbstractItemModel, QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QApplication, QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from musicmed_desktop.library import Entry
from musicmed_desktop.ui.pages.sessions.model import ENTRY, Index
from musicmed_desktop.ui.pages.sessions.words import change_words, facts
from musicmed_desktop.ui.theme import appearance

_TITLE_LENGTH = 200
_STAR = 18.0  # its diameter
_STAR_AREA = 40  # and the square around it that can be pressed


class SessionRows(QStyledItemDelegate):
    """`starred`: the star of this row was pressed."""

    starred = Signal(object)  # Entry

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        entry: Entry = index.data(ENTRY)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_words(painter, option, entry)
        pointed = option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected)
        if entry.favourite or pointed:
            _paint_star(painter, option, entry.favourite)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        height = QFontMetrics(_bold(option.font)).height() + 2 * QFontMetrics(option.font).height()
        return QSize(appearance().px(220), height + appearance().px(24))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: ARG002
        editor = QLineEdit(parent)
        editor.setMaxLength(_TITLE_LENGTH)
        editor.setAccessibleName("New title")
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        px = appearance().px
        place = option.rect.adjusted(px(6), px(6), -px(6), -px(6))
        place.setHeight(editor.sizeHint().height())
        editor.setGeometry(place)

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        if event.type() == QEvent.Type.MouseButtonRelease:
            press = cast(QMouseEvent, event)
            left = press.button() == Qt.MouseButton.LeftButton
            if left and _star_area(option.rect).contains(press.position().toPoint()):
                self.starred.emit(index.data(ENTRY))
                return True
        return super().editorEvent(event, model, option, index)


def _paint_words(painter: QPainter, option: QStyleOptionViewItem, entry: Entry) -> None:
    tokens, px = appearance().tokens, appearance().px
    font, bold = option.font, _bold(option.font)
    chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    strong = QColor(tokens.on_accent if chosen else tokens.ink)
    weak = QColor(tokens.on_accent if chosen else tokens.muted)
    left, top = option.rect.left() + px(14), option.rect.top() + px(10)
    width = option.rect.width() - px(28)
    title_width = width - px(_STAR_AREA) + px(8)
    lines = (
        (entry.title, bold, strong, title_width),
        (_fitting(facts(entry, datetime.now().astimezone()), QFontMetrics(font), width), font, weak, width),
        (_change(entry), font, weak if entry.after is None else strong, width),
    )
    for text, used, colour, room in lines:
        metrics = QFontMetrics(used)
        painter.setFont(used)
        painter.setPen(colour)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, top, room, metrics.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        top += metrics.height() + px(2)


def _fitting(facts: Sequence[str], metrics: QFontMetrics, room: int) -> str:
    """As many facts as there is room for, the first ones first."""
    lines = (" · ".join(facts[:count]) for count in range(len(facts), 0, -1))
    return next((line for line in lines if metrics.horizontalAdvance(line) <= room), facts[0])


def _change(entry: Entry) -> str:
    words = change_words(entry.change)
    return "Afterwards: " + words if entry.after is None else words[0].upper() + words[1:]


def _paint_star(painter: QPainter, option: QStyleOptionViewItem, filled: bool) -> None:
    tokens, scale = appearance().tokens, appearance().scale
    chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    colour = QColor(tokens.on_accent if chosen else tokens.accent)
    painter.setPen(QPen(colour, 1.4 * scale, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
    painter.drawPolygon(star(QPointF(_star_area(option.rect).center()), _STAR / 2 * scale))


def star(centre: QPointF, radius: float) -> QPolygonF:
    """Five points, one of them up."""
    corners = []
    for number in range(10):
        angle, reach = math.pi * (number / 5 - 0.5), radius * (0.45 if number % 2 else 1.0)
        corners.append(centre + QPointF(math.cos(angle), math.sin(angle)) * reach)
    return QPolygonF(corners)


def _star_area(row: QRect) -> QRect:
    side = appearance().px(_STAR_AREA)
    return QRect(row.right() - side, row.top(), side, side)


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold
