"""What the page says of the way from here to there."""

from __future__ import annotations

from musicmed_desktop.affect import Affect
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
