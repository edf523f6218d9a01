"""The foot of the replay: the moment, play and pause, the volume, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from musicmed_desktop.ui.kit import button
from musicmed_desktop.ui.pages.listening.flow import FilledFlow
from musicmed_desktop.ui.pages.listening.glyphs import set_glyph
from musicmed_desktop.ui.pages.listening.volume import VolumeControl
from musicmed_desktop.ui.pages.replay.seek import SeekBar
from musicmed_desktop.ui.preferences import Preferences
from musicmed_desktop.ui.theme import appearance


class Controls(QFrame):
    """Stands outside of everything that scrolls."""

    play_or_pause = Signal()
    back = Signal()

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._playing = True
        self.seek_bar = SeekBar()
        self.play_button = button("Pause", self.play_or_pause.emit)
        self.volume = VolumeControl(preferences)
        self.back_button = button("Back", self.back.emit)
        below = QWidget()
        below.setLayout(FilledFlow(self.play_button, self.volume, self.back_button))
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.addWidget(self.seek_bar)
        column.addWidget(below)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._dress()
        appearance().changed.connect(self._dress)

    def show_playing(self, playing: bool) -> None:
        if playing != self._playing:
            self._playing = playing
            self._dress()

    def set_in_use(self, in_use: bool) -> None:
        """Whether there is music to act on."""
        self.play_button.setEnabled(in_use)
        self.seek_bar.setEnabled(in_use)

    def _dress(self) -> None:
        self.play_button.setText("Pause" if self._playing else "Play")
        set_glyph(self.play_button, "pause" if self._playing else "play", appearance().tokens.ink)
