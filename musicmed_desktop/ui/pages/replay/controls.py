"""The foot of the replay: the moment, play and pause, the volume, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Signal

from musicmed_desktop.ui.kit import Card, Flow, button
from musicmed_desktop.ui.pages.replay.seek import SeekBar
from musicmed_desktop.ui.playing import PlayButton, VolumeControl
from musicmed_desktop.ui.preferences import Preferences


class Controls(Card):
    """Stands outside of everything that scrolls."""

    margins = (14, 10)

    back = Signal()

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self.seek_bar = SeekBar()
        self.play_button = PlayButton(again="Play")
        self.volume = VolumeControl(preferences)
        self.back_button = button("Back", self.back.emit)
        self.add(self.seek_bar, Flow(self.play_button, self.volume, self.back_button))

    def set_in_use(self, in_use: bool) -> None:
        """Whether there is music to act on."""
        self.play_button.setEnabled(in_use)
        self.seek_bar.setEnabled(in_use)
