"""A plan that somebody else has written for the listener: what it says, and what it asks."""

from __future__ import annotations

from PySide6.QtCore import Signal

from musicmed_desktop.library.exchange import PlanFile
from musicmed_desktop.plan import Prescription
from musicmed_desktop.ui.circumplex import word_near
from musicmed_desktop.ui.kit import Card, Column, Flow, announce, body, button, heading, muted, show_text
from musicmed_desktop.ui.pages.check_in.hearing import Hearing


class PlanCard(Column):
    """Hidden until `show_plan`; `put_away` when the listener would rather choose for themselves."""

    put_away = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words, self.asks = body(), muted()
        away = button("Put the plan away", self.put_away.emit)
        self.add(Card(heading("A plan from your therapist"), self.words, self.asks, Flow(away)))
        self.hide()

    def show_plan(self, plan: PlanFile | None) -> None:
        """None: there is none any more."""
        self.setVisible(plan is not None)
        if plan is not None:
            show_text(self.words, plan.words)
            self.asks.setText(asks(plan.prescription))
            announce(self, f"A plan from your therapist. {plan.words} {self.asks.text()}")


def asks(plan: Prescription) -> str:
    """As in "From anxious to calm: 15 minutes, any style, piano and harp."."""
    return f"From {word_near(plan.start)} to {word_near(plan.target)}: {hearing_of(plan).summary()}"


def hearing_of(plan: Prescription) -> Hearing:
    genres = plan.palette.genres
    return Hearing(plan.minutes, plan.palette.instruments, genres[0] if genres else "")
