"""Why this music: the words beside the picture."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from musicmed_desktop.ui.circumplex import WalkStep, why
from musicmed_desktop.ui.kit import Card, Row, body, heading, muted
from musicmed_desktop.ui.playing.meter import LevelMeter

_ELSEWHERE = "Another part of the session"


class WhyCard:
    """What goes on, the mood and the reasons of the clip that is heard, or those of a part that is pointed at."""

    def __init__(self) -> None:
        self._caption, self._mood, self._why = muted(), heading(""), body()
        self._state = ""
        self._heard: WalkStep | None = None
        self._pointed_at = ""
        self.meter = LevelMeter()
        self.frame: QFrame = Card(Row(self._caption, self.meter), self._mood, self._why)
        self.frame.setAccessibleName("Why this music")

    def show_heard(self, state: str, step: WalkStep) -> None:
        """`step` is what sounds now; `state` says it, or that nothing sounds."""
        if (state, step) != (self._state, self._heard):
            self._state, self._heard = state, step
            self._show()

    def point_at(self, words: str) -> None:
        """Show these words about another part instead, until this is called with ""."""
        self._pointed_at = words
        self._show()

    @property
    def text(self) -> str:
        return " ".join(label.text() for label in (self._caption, self._mood, self._why) if label.text())

    def _show(self) -> None:
        step, elsewhere = self._heard, self._pointed_at
        self._caption.setText(_ELSEWHERE if elsewhere else self._state)
        self._mood.setText(step.mood.capitalize() if step and not elsewhere else "")
        self._mood.setVisible(not elsewhere)
        self._why.setText(elsewhere or (why(step) if step else ""))
