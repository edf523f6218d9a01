"""How much of an adapter is used."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QLabel

from musicmed_desktop.ui.kit import Row
from musicmed_desktop.ui.pages.settings.fields import Field, Steps

_HELP = "How much of this adapter is used. Each keeps its own strength."
_STEP = 5  # percent


class Strength(Field):
    """`slider` goes from 0 to 100 percent."""

    def __init__(self) -> None:
        self.slider, self._percent = Steps(0, 100, _STEP), QLabel()
        along = Row(self.slider, self._percent)
        along.setStretch(0, 1)
        super().__init__("Adapter &strength", self.slider, _HELP, along)

    def show_strength(self, strength: float) -> None:
        """As it is set, 0 to 1."""
        percent = round(strength * 100)
        with QSignalBlocker(self.slider):
            self.slider.setValue(percent)
        self._percent.setText(f"{percent} %")
