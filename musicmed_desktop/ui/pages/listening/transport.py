"""The foot of the page: pause, volume, and what must always be within reach."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from musicmed_desktop.ui.kit import Card, Flow, Row, button
from musicmed_desktop.ui.playing import PlayButton, VolumeControl
from musicmed_desktop.ui.preferences import Preferences
from musicmed_desktop.ui.theme import appearance


class Transport(Card):
    """Stands outside of everything that scrolls; breaks into more lines rather than cut anything off."""

    margins = (14, 10)

    asked_feeling = Signal()
    worse = Signal()
    stop = Signal()

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self.play_button = PlayButton(again="Go on")
        self.volume = VolumeControl(preferences)
        self.feeling_button = button("How do I feel now?", self.asked_feeling.emit)
        self.worse_button = button("I feel worse", self.worse.emit)
        self.stop_button = button("Stop", self.stop.emit, look="danger", name="Stop the session")
        self.add(Flow(self.play_button, self.volume, self.feeling_button, self._exits()))
        self._widen()
        appearance().changed.connect(self._widen)

    def set_in_use(self, in_use: bool) -> None:
        """Whether there is a session to act on."""
        for each in (self.play_button, self.feeling_button, self.worse_button, self.stop_button):
            each.setEnabled(in_use)

    def _exits(self) -> QWidget:
        """The two ways out stay side by side, at the right end."""
        exits = QWidget()
        exits.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        exits.setLayout(Row(None, self.worse_button, self.stop_button))
        return exits

    def _widen(self) -> None:
        self.stop_button.setMinimumWidth(appearance().px(110))
