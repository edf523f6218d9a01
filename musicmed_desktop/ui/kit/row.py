"""Parts of a page beside each other, at distances that grow with the text."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from musicmed_desktop.ui.kit.column import Part, add_parts
from musicmed_desktop.ui.theme import appearance

_GAP = 10  # pixels at 100 %


class Row(QHBoxLayout):
    """`parts` in their order; None is space that takes what is left."""

    def __init__(self, *parts: Part | None) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self.add(*parts)
        self._space()
        appearance().changed.connect(self._space)

    def add(self, *parts: Part | None) -> None:
        add_parts(self, *parts)

    def _space(self) -> None:
        self.setSpacing(appearance().gap(_GAP))
