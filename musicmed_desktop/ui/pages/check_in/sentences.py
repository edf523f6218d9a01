"""What the page says of the way from here to there."""

from __future__ import annotations

from musicmed_desktop.affect import Affect
from musicmed_desktop.plan import Prescription
from musicmed_desktop.ui.circumplex import word_near
from musicmed_desktop.ui.pages.check_in.hearing import minutes_label

NEAR = 0.25  # of the circumplex: closer than this is the same place
HEAVY = -0.3  # valence below which a place is hard to stay in


def missing(feeling: Affect | None, wish: Affect | None) -> str:
    """What is still to be said; "" when all is."""
    if feeling is None and wish is None:
        return "Show how you feel, and choose where you would like to go."
    if feeling is None:
        return "Now show how you feel: on the picture, or by a word."
    return "Now choose where you would like to go." if wish is None else ""


def promise(feeling: Affect, wish: Affect, goal: str, minutes: float) -> str:
    """What the music will do."""
    time = minutes_label(minutes)
    if feeling.distance(wish) < NEAR:
        return f"You are close to {goal} already. The music will keep you company there for {time}."
    return f"We will meet you where you are and walk to {goal} in {time}."


def caution(feeling: Affect, wish: Affect) -> str:
    """Where the wish is a heavy place, a kind word; it is for the listener to decide, or for a therapist."""
    if wish.valence >= HEAVY:
        return ""
    if wish.valence < feeling.valence - NEAR:
        return "This would lead to a heavier mood than now. If that is what you want, you can start."
    return "This is a heavy place to end in. If that is what you want, you can start."


def plan_promise(plan: Prescription) -> str:
    """What the music of somebody else's plan will do."""
    start, target = word_near(plan.start), word_near(plan.target)
    return f"The plan walks from {start} to {target} in {minutes_label(plan.minutes)}."


def plan_caution(feeling: Affect, start: Affect) -> str:
    """A plan is played as it was written; where the listener is elsewhere, that is said."""
    if feeling.distance(start) < NEAR:
        return ""
    return (
        f"You feel {word_near(feeling)} now, and the plan begins at {word_near(start)}. If that is not right for you "
        "today, put the plan away and choose for yourself."
    )
