"""Parts of a page, one below the other, at distances that grow with the text."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QFrame, QLayout, QVBoxLayout, QWidget

from musicmed_desktop.ui.theme import appearance

Part = QWidget | QLayout


class Column(QFrame):
    """`parts` in their order, None is space that takes what is left; more may be added."""

    margins = (0, 0)  # pixels at 100 %: at the sides, above and below
    gap = 12

    def __init__(self, *parts: Part | None) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.add(*parts)
        self._space()
        appearance().changed.connect(self._space)

    def add(self, *parts: Part | None) -> None:
        add_parts(self.column, *parts)

    def _space(self) -> None:
        beside, above = map(appearance().gap, self.margins)
        self.column.setContentsMargins(beside, above, beside, above)
        self.column.setSpacing(appearance().gap(self.gap))


class Card(Column):
    """A column in a frame; `look` is that of the style sheet."""

    margins = (20, 18)
    gap = 10

    def __init__(self, *parts: Part | None, look: str = "card") -> None:
        super().__init__(*parts)
        self.setProperty("look", look)


def add_parts(box: QBoxLayout, *parts: Part | None) -> None:
    """Add widgets and layouts; None is space that takes what is left."""
    for part in parts:
        if part is None:
            box.addStretch(1)
        elif isinstance(part, QWidget):
            box.addWidget(part)
        else:
            box.addLayout(part)
