"""The foot of a page: what must always be in sight stands below the part that scrolls."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from musicmed_desktop.ui.kit.column import Part
from musicmed_desktop.ui.kit.row import Row
from musicmed_desktop.ui.theme import appearance


class Foot(QFrame):
    """`parts` beside each other; None is space that takes what is left."""

    def __init__(self, *parts: Part | None) -> None:
        super().__init__()
        self.row = Row(*parts)
        self.setLayout(self.row)
        self._measure()
        appearance().changed.connect(self._measure)

    def _measure(self) -> None:
        beside, above = appearance().gap(28), appearance().gap(12)
        self.setContentsMargins(beside, above, beside, above)


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
