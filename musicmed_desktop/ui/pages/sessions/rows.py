"""How a session looks in a list: its title, and two lines about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from musicmed_desktop.library import Entry
from musicmed_desktop.ui.pages.sessions.model import ENTRY, Index
from musicmed_desktop.ui.pages.sessions.words import gone_words, when
from musicmed_desktop.ui.theme import appearance


class Rows(QStyledItemDelegate):
    """What the lines are is said by the kinds of it."""

    def facts(self, entry: Entry) -> Sequence[str]:
        """The second line, the first ones first where there is no room for all."""
        raise NotImplementedError

    def outcome(self, entry: Entry) -> tuple[str, bool]:
        """The third line, and whether it stands out."""
        raise NotImplementedError

    def title_room(self, width: int) -> int:
        """How much of a line the title may fill, in pixels."""
        return width

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_entry(painter, option, index.data(ENTRY))
        painter.restore()

    def paint_entry(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry) -> None:
        """Upon the row's ground."""
        px, font, bold = appearance().px, option.font, heavier(option.font)
        strong, weak = colours(option)
        left, top, width = option.rect.left() + px(14), option.rect.top() + px(10), option.rect.width() - px(28)
        facts = fitting(self.facts(entry), QFontMetrics(font), width)
        outcome, clear = self.outcome(entry)
        lines = (
            (entry.title, bold, strong, self.title_room(width)),
            (facts, font, weak, width),
            (outcome, font, strong if clear else weak, width),
        )
        for text, used, colour, room in lines:
            metrics = QFontMetrics(used)
            painter.setFont(used)
            painter.setPen(colour)
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(left, top, room, metrics.height()), Qt.AlignmentFlag.AlignVCenter, shown)
            top += metrics.height() + px(2)

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        height = QFontMetrics(heavier(option.font)).height() + 2 * QFontMetrics(option.font).height()
        return QSize(appearance().px(220), height + appearance().px(24))


class DeletedRows(Rows):
    """Sessions in the trash: when they were, and how long they stay."""

    def facts(self, entry: Entry) -> Sequence[str]:
        return (when(entry.started, datetime.now().astimezone()),)

    def outcome(self, entry: Entry) -> tuple[str, bool]:
        return gone_words(entry, datetime.now().astimezone()), False


def fitting(facts: Sequence[str], metrics: QFontMetrics, room: int) -> str:
    """As many facts as there is room for, the first ones first."""
    lines = (" · ".join(facts[:count]) for count in range(len(facts), 0, -1))
    return next((line for line in lines if metrics.horizontalAdvance(line) <= room), facts[0])


def colours(option: QStyleOptionViewItem) -> tuple[QColor, QColor]:
    """Of what stands out, and of the rest."""
    tokens = appearance().tokens
    chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    return QColor(tokens.on_accent if chosen else tokens.ink), QColor(tokens.on_accent if chosen else tokens.muted)


def heavier(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold
