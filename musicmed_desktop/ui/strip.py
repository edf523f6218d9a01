"""While music plays and another page is open: the way back to it, and Stop."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from musicmed_desktop.ui.kit import body, button


class SessionStrip(QFrame):
    """`back` and `stop` are pressed; when it is shown is the window's to say."""

    back = Signal()
    stop = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "notice")
        across = QHBoxLayout(self)
        across.addWidget(body("Your music is playing."), 1)
        across.addWidget(button("Back to the music", self.back.emit, look="primary"))
        across.addWidget(button("Stop", self.stop.emit, look="danger", name="Stop the music"))
