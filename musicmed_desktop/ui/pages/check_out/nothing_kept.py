"""For a session that left nothing: what happened, and a way on."""

from __future__ import annotations

from PySide6.QtCore import Signal

from musicmed_desktop.ui.kit import Flow, Page, body, button, small, title
from musicmed_desktop.ui.session import Ended

_SHORT = "It was too short to be kept. You can begin a new one at any time."
_WAITS = "What you have heard is not lost: when you begin a new session, you are asked what should become of it."


class NothingKept(Page):
    new_session_requested = Signal()
    sessions_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title = title("")
        self.words, self._detail = body(), small()
        self.new_session = button("New session", self.new_session_requested.emit, look="primary")
        self.sessions = button("To my sessions", self.sessions_requested.emit)
        self.details = button(
            "Details for a helper", lambda: self._detail.setVisible(self._detail.isHidden()), look="link"
        )
        self.add(self.title, self.words, Flow(self.new_session, self.sessions), Flow(self.details), self._detail, None)

    def show_ended(self, ended: Ended) -> None:
        error = ended.error
        self.title.setText("Your session could not go on." if error else "The session has ended.")
        after = _WAITS if ended.waits else "" if error else _SHORT
        self.words.setText(" ".join(filter(None, (str(error or ""), after))))
        self._detail.setText(error.detail if error else "")
        self._detail.hide()
        self.details.setVisible(bool(error and error.detail))
