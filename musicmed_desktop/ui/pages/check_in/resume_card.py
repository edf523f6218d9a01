"""After a crash: the session that was cut off is offered again."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance

from musicmed_desktop.ui.kit import Card, Column, Row, body, button, heading


class ResumeCard(Column):
    """Hidden until `offer`; goes away with the answer."""

    accepted = Signal()
    declined = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = body()
        self._title.hide()
        buttons = Row(
            button("Go on", lambda: self._answer(self.accepted), look="primary", name="Go on with the last session"),
            button("Not now", lambda: self._answer(self.declined)),
            None,
        )
        question = heading("Your last session stopped in the middle. Go on from there?")
        self.add(Card(question, self._title, buttons))
        self.hide()

    def offer(self, title: str) -> None:
        """Ask; `title` is the session's own."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self.show()

    def _answer(self, signal: SignalInstance) -> None:
        self.hide()
        signal.emit()
