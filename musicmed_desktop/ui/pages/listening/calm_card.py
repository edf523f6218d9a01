"""After "I feel worse": what happens now, where help is, and the choice to stop."""

from __future__ import annotations

from PySide6.QtCore import Signal

from musicmed_desktop.ui.kit import Flow, button
from musicmed_desktop.ui.playing import NoticeCard

_CALMING = "We are going to calm now."
_MORE = "The music turns to something quiet. You can stop at any time. If you need someone to talk to, help is near."


class CalmCard(NoticeCard):
    """Hidden until `calm`."""

    help_requested = Signal()
    stop = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.help_button = button("Find help", self.help_requested.emit, look="primary")
        self.stop_button = button("Stop now", self.stop.emit, look="danger")
        self.add(Flow(self.help_button, self.stop_button))

    def calm(self) -> None:
        self.say(_CALMING, _MORE)
