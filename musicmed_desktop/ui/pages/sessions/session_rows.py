"""A kept session in the list: when it was, how it left the listener, and a star."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from PySide6.QtCore import QAbstractItemModel, QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionViewItem, QWidget

from musicmed_desktop.library import Entry
from musicmed_desktop.library.wording import change_words
from musicmed_desktop.ui.pages.sessions.model import ENTRY, Index
from musicmed_desktop.ui.pages.sessions.rows import Rows
from musicmed_desktop.ui.pages.sessions.words import facts
from musicmed_desktop.ui.theme import appearance

_TITLE_LENGTH = 200
_STAR = 18.0  # its diameter
_STAR_AREA = 40  # and the square around it that can be pressed


class SessionRows(Rows):
    """`starred`: the star of this row was pressed."""

    starred = Signal(object)  # Entry

    def facts(self, entry: Entry) -> Sequence[str]:
        return facts(entry, datetime.now().astimezone())

    def outcome(self, entry: Entry) -> tuple[str, bool]:
        words = change_words(entry.change)
        return ("Afterwards: " + words, False) if entry.after is None else (words[0].upper() + words[1:], True)

    def title_room(self, width: int) -> int:
        return width - appearance().px(_STAR_AREA) + appearance().px(8)

    def paint_entry(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry) -> None:
        super().paint_entry(painter, option, entry)
        pointed = option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected)
        if entry.favourite or pointed:
            _paint_star(painter, option, entry.favourite)

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
