"""A part of a page: widgets and layouts one below the other, at distances that grow with the text."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from musicmed_desktop.ui.theme import appearance

_GAP = 12  # pixels at 100 %


class Column(QWidget):
    """`parts` in their order; more may be added to `column`."""

    def __init__(self, *parts: QWidget | QLayout) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.add(*parts)
        self._space()
        appearance().changed.connect(self._space)

    def add(self, *parts: QWidget | QLayout) -> None:
        for part in parts:
            if isinstance(part, QWidget):
                self.column.addWidget(part)
            else:
                self.column.addLayout(part)

    def _space(self) -> None:
        self.column.setSpacing(appearance().px(_GAP))
