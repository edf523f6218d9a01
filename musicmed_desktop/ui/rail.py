"""The places of the window, down its left side."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QVBoxLayout

from musicmed_desktop.ui.kit import button
from musicmed_desktop.ui.theme import appearance

PLACES = {
    "check_in": "New session",
    "sessions": "My sessions",
    "settings": "Settings",
    "help": "Help in a crisis",
}


class Rail(QFrame):
    """One button for each place; `chosen` carries its name."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "rail")
        self.setAccessibleName("Places")
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        name = QLabel("MusicMed")
        name.setProperty("look", "heading")
        self._column.addWidget(name)
        self.buttons = {place: button(text, look="rail") for place, text in PLACES.items()}
        for place, each in self.buttons.items():
            if place == "help":
                self._column.addStretch(1)
            each.setCheckable(True)
            each.clicked.connect(lambda _=False, place=place: self.chosen.emit(place))
            self._group.addButton(each)
            self._column.addWidget(each)
        self._measure()
        appearance().changed.connect(self._measure)

    def mark(self, place: str) -> None:
        """Show where the listener is; nothing is marked where the place is none of these."""
        self._group.setExclusive(False)
        for name, each in self.buttons.items():
            each.setChecked(name == place)
        self._group.setExclusive(True)

    def _measure(self) -> None:
        px = appearance().px
        self._column.setContentsMargins(px(14), px(24), px(14), px(18))
        self._column.setSpacing(px(6))
        self.setFixedWidth(px(196))
