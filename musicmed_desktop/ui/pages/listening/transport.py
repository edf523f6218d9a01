"""The foot of the page: pause, volume, and what must always be within reach."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from musicmed_desktop.ui.kit import button
from musicmed_desktop.ui.pages.listening.flow import FilledFlow
from musicmed_desktop.ui.pages.listening.glyphs import set_glyph
from musicmed_desktop.ui.pages.listening.volume import VolumeControl
from musicmed_desktop.ui.preferences import Preferences
from musicmed_desktop.ui.theme import appearance


class Transport(QFrame):
    """Stands outside of everything that scrolls; breaks into more lines rather than cut anything off."""

    pause_or_resume = Signal()
    asked_feeling = Signal()
    worse = Signal()
    stop = Signal()

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._paused = False
        self.pause_button = button("Pause", self.pause_or_resume.emit)
        self.volume = VolumeControl(preferences)
        self.feeling_button = button("How do I feel now?", self.asked_feeling.emit)
        self.worse_button = button("I feel worse", self.worse.emit)
        self.stop_button = button("Stop", self.stop.emit, look="danger", name="Stop the session")
        controls = QWidget()
        controls.setLayout(FilledFlow(self.pause_button, self.volume, self.feeling_button, self._exits()))
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.addWidget(controls)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._dress()
        appearance().changed.connect(self._dress)

    def show_paused(self, paused: bool) -> None:
        if paused != self._paused:
            self._paused = paused
            self._dress()

    def set_in_use(self, in_use: bool) -> None:
        """Whether there is a session to act on."""
        for each in (self.pause_button, self.feeling_button, self.worse_button, self.stop_button):
            each.setEnabled(in_use)

    def _exits(self) -> QWidget:
        """The two ways out stay side by side, at the right end."""
        exits = QWidget()
        exits.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        across = QHBoxLayout(exits)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(10)
        across.addStretch(1)
        across.addWidget(self.worse_button)
        across.addWidget(self.stop_button)
        return exits

    def _dress(self) -> None:
        look = appearance()
        self.pause_button.setText("Go on" if self._paused else "Pause")
        set_glyph(self.pause_button, "play" if self._paused else "pause", look.tokens.ink)
        self.stop_button.setMinimumWidth(look.px(110))
