"""While music plays and another page is open: the way back to it, and Stop."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from musicmed_desktop.ui.kit import body, button
from musicmed_desktop.ui.theme import appearance

_MARGINS = (26, 9)  # pixels at 100 %: at the sides, above and below


class SessionStrip(QFrame):
    """`back` and `stop` are pressed; when it is shown is the window's to say."""

    back = Signal()
    stop = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "notice")
        self._across = across = QHBoxLayout(self)
        across.addWidget(body("Your music is playing."), 1)
        across.addWidget(button("Back to the music", self.back.emit, look="primary"))
        across.addWidget(button("Stop", self.stop.emit, look="danger", name="Stop the music"))
        self._space()
        appearance().changed.connect(self._space)

    def _space(self) -> None:
        beside, above = map(appearance().gap, _MARGINS)
        self._across.setContentsMargins(beside, above, beside, above)
