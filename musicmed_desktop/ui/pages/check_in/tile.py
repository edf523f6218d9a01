"""A button with a name and a line below it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyleOptionButton, QStylePainter

from musicmed_desktop.ui.kit import Button
from musicmed_desktop.ui.theme import appearance

_ACROSS, _DOWN, _GAP = 16, 10, 2  # pixels at 100 %
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap


class Tile(Button):
    """Stays pressed; both texts wrap."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        self._name, self._text = name, text
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setAccessibleDescription(text)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        appearance().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        width = appearance().px(220)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        width = appearance().px(160)
        return QSize(width, self.heightForWidth(width))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        px = appearance().px
        name, text = self._lines(QRect(px(_ACROSS), 0, width - 2 * px(_ACROSS), 10_000))
        return name.height() + px(_GAP) + text.height() + 2 * px(_DOWN)

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        px, tokens = appearance().px, appearance().tokens
        room = self.rect().adjusted(px(_ACROSS), 0, -px(_ACROSS), 0)
        name, text = self._lines(room)
        top = (self.height() - name.height() - px(_GAP) - text.height()) // 2
        name.moveTop(top)
        text.moveTop(name.bottom() + 1 + px(_GAP))
        painter.setPen(QColor(tokens.on_accent if self.isChecked() else tokens.ink))
        painter.setFont(self._bold())
        painter.drawText(name, _LEFT, self._name)
        painter.setPen(QColor(tokens.on_accent if self.isChecked() else tokens.muted))
        painter.setFont(self.font())
        painter.drawText(text, _LEFT, self._text)

    def _lines(self, room: QRect) -> tuple[QRect, QRect]:
        """Where the two texts would lie in `room`, each at its top."""
        name = QFontMetrics(self._bold()).boundingRect(room, _LEFT, self._name)
        text = QFontMetrics(self.font()).boundingRect(room, _LEFT, self._text)
        return QRect(room.left(), 0, room.width(), name.height()), QRect(room.left(), 0, room.width(), text.height())

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font
