"""After a crash or a power cut: what should become of the session that was cut off."""

from __future__ import annotations

from functools import partial
from typing import Literal

from PySide6.QtCore import Signal

from musicmed_desktop.ui.kit import Card, Column, Flow, announce, body, button, heading, muted

Answer = Literal["go_on", "keep", "throw_away"]
_QUESTION = "A session stopped in the middle. What should become of it?"
_LATER = "You need not decide now: you can begin another session, and will be asked again."


class ResumeCard(Column):
    """Hidden until there is something to `offer`; stays until it is told otherwise."""

    answered = Signal(str)  # Answer

    def __init__(self) -> None:
        super().__init__()
        self._which = body()
        buttons = Flow(
            button("Go on", partial(self._answer, "go_on"), look="primary", name="Go on with this session"),
            button("Keep it as it is", partial(self._answer, "keep"), name="Keep this session as it is"),
            button("Throw it away…", partial(self._answer, "throw_away"), look="quiet", name="Throw this session away"),
        )
        self.add(Card(heading(_QUESTION), self._which, buttons, muted(_LATER)))
        self.hide()

    def offer(self, which: str) -> None:
        """Ask; `which` says what session it is. Where that is empty, there is nothing to ask any more."""
        self._which.setText(which)
        self.setVisible(bool(which))
        if which and self.isVisible():
            announce(self, f"{_QUESTION} {which}")

    def _answer(self, answer: Answer) -> None:
        self.answered.emit(answer)
