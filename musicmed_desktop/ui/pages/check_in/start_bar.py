"""The foot of the page: what will happen, and the one button that makes it happen."""

from __future__ import annotations

from PySide6.QtCore import Signal

from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.kit import Column, Foot, body, button, error, muted, show_text


class StartBar(Foot):
    """Always in sight. `pressed` is emitted only while `set_ready(True)` and not busy."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._ready, self._busy = False, False
        self._sentence, self._caution, self._error = body(), muted(), error()
        self.start = button("Start", self.pressed.emit, look="primary")
        self.start.setDefault(True)
        self.row.add(Column(self._sentence, self._caution, self._error), self.start)
        self.row.setStretch(0, 1)
        self.say("")

    def say(self, sentence: str, caution: str = "", problem: UserError | None = None) -> None:
        """Show what will happen or is missing, a word of caution, and why it cannot be."""
        self._sentence.setText(sentence)
        show_text(self._caution, caution)
        show_text(self._error, str(problem) if problem else "")
        self.start.setAccessibleDescription(sentence)

    def set_ready(self, ready: bool) -> None:
        """Whether there is something to start."""
        self._ready = ready
        self._show()

    def set_busy(self, busy: bool) -> None:
        """While a session is starting it cannot be started again."""
        self._busy = busy
        self._show()

    def _show(self) -> None:
        self.start.setText("Starting" if self._busy else "Start")
        self.start.setEnabled(self._ready and not self._busy)
