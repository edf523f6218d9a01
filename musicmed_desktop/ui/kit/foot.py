"""The foot of a page: what must always be in sight stands below the part that scrolls."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from musicmed_desktop.ui.theme import appearance


class Foot(QFrame):
    """Add widgets and layouts to `across`."""

    def __init__(self) -> None:
        super().__init__()
        self.across = QHBoxLayout(self)
        self._measure()
        appearance().changed.connect(self._measure)

    def _measure(self) -> None:
        px = appearance().px
        self.across.setContentsMargins(px(28), px(12), px(28), px(12))
        self.across.setSpacing(px(20))


def footed(whole: QWidget, page: QWidget, foot: QWidget) -> None:
    """Lay out `whole` as `page` with `foot` below it."""
    line = QFrame()
    line.setProperty("look", "line")
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(page, 1)
    column.addWidget(line)
    column.addWidget(foot)
