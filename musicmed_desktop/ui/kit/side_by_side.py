"""Parts beside each other where there is room for them; where there is not, one below the other."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from musicmed_desktop.ui.theme import appearance

_GAP = 20  # pixels at 100 %


class SideBySide(QWidget):
    """`parts` with their stretches; beside each other from a width of `least` pixels at 100 % text on."""

    def __init__(self, least: int, *parts: tuple[QWidget, int]) -> None:
        super().__init__()
        self._least = least
        self._parts = [part for part, _ in parts]
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        for part, stretch in parts:
            self._layout.addWidget(part, stretch)
        self._arrange()
        appearance().changed.connect(self._arrange)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the widest part: else the parts beside each other would keep their own place open."""
        widths = (part.minimumWidth() or part.minimumSizeHint().width() for part in self._parts)
        return QSize(max(widths), self._layout.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        wide = self.width() >= appearance().px(self._least)
        self._layout.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._layout.setSpacing(appearance().gap(_GAP))
