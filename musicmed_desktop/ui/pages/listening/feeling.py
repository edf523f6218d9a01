""" "How do I feel now?": the rest of the session goes on from where the listener is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from musicmed_desktop.affect import Affect
from musicmed_desktop.ui.circumplex import AffectPad, describe
from musicmed_desktop.ui.kit import Column, Flow, body, button, heading
from musicmed_desktop.ui.playing import Stage

_ASK = "Move the point to where you are now. The music plays on, and the rest of it will start from there."


class FeelingPanel(Column):
    """Stands where the picture stood, while the music plays on."""

    moved = Signal(object)  # Affect: go on from here
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.pad = AffectPad("How you feel now")
        self._words = body()
        self.go_on = button("Go on from here", self._accept, look="primary")
        self.cancel = button("Cancel", self.cancelled.emit, look="quiet")
        self.pad.moved.connect(self._describe)
        buttons = Flow(self.go_on, self.cancel)
        self.add(Stage(self.pad, heading("How do you feel now?"), body(_ASK), self._words, buttons))

    def open(self, here: Affect) -> None:
        """Begin at `here`, the place of the music."""
        self.pad.set_affect(here)
        self._describe(here)
        self.pad.setFocus(Qt.FocusReason.OtherFocusReason)

    def _describe(self, affect: Affect) -> None:
        self._words.setText(describe(affect).capitalize())

    def _accept(self) -> None:
        assert self.pad.affect is not None
        self.moved.emit(self.pad.affect)
