"""The places of the window: down its left side, or along its top where the window is narrow for its text."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame

from musicmed_desktop.ui.kit import button, heading, set_look
from musicmed_desktop.ui.theme import appearance

PLACES = {
    "check_in": "New session",
    "sessions": "My sessions",
    "settings": "Settings",
    "help": "Help in a crisis",
}
# Along the top, where all of that finds no room.
_SHORT = {"check_in": "New", "sessions": "Sessions", "settings": "Settings", "help": "Help"}
_WIDTH = 196  # pixels at 100 %
_ANY_WIDTH = 16_777_215  # QWIDGETSIZE_MAX


class Rail(QFrame):
    """One button for each place; `chosen` carries its name. No button group: Tab is to reach each of them."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "rail")
        self.setAccessibleName("Places")
        self._along = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._name = heading("MusicMed")
        self._along.addWidget(self._name)
        self.buttons = {place: button(text, look="rail", name=text) for place, text in PLACES.items()}
        for place, each in self.buttons.items():
            if place == "help":
                self._along.addStretch(1)
            each.setCheckable(True)
            each.clicked.connect(lambda _=False, place=place: self.chosen.emit(place))
            self._along.addWidget(each)
        self._measure()
        appearance().changed.connect(self._measure)

    def mark(self, place: str) -> None:
        """Show where the listener is; nothing is marked where the place is none of these."""
        for name, each in self.buttons.items():
            each.setChecked(name == place)

    def lie(self, along_top: bool) -> None:
        """Along the top there is no room for the name of the app."""
        way = QBoxLayout.Direction.LeftToRight if along_top else QBoxLayout.Direction.TopToBottom
        self._along.setDirection(way)
        set_look(self, "rail-top" if along_top else "rail")
        self._name.setVisible(not along_top)
        self._measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @property
    def _down(self) -> bool:
        return self._along.direction() == QBoxLayout.Direction.TopToBottom

    def _fit(self) -> None:
        """Whole words, as long as there is room for them."""
        self._write(PLACES)
        if not self._down and self._along.minimumSize().width() > self.width():
            self._write(_SHORT)

    def _write(self, words: dict[str, str]) -> None:
        for place, each in self.buttons.items():
            each.setText(words[place])

    def _measure(self) -> None:
        px, down = appearance().px, self._down
        self._along.setContentsMargins(px(14), px(24 if down else 8), px(14), px(18 if down else 8))
        self._along.setSpacing(px(6))
        self._name.setContentsMargins(px(17), 0, 0, px(10))
        self.setMinimumWidth(px(_WIDTH) if down else 0)
        self.setMaximumWidth(px(_WIDTH) if down else _ANY_WIDTH)
        self._fit()
