"""What came of a session, in words: kind, factual, never a score."""

from __future__ import annotations

from musicmed_desktop.affect import Affect
from musicmed_desktop.ui.circumplex import word_near

REACHED = 0.35  # from where somebody wanted to go, on the circumplex
STILL = 0.2  # a smaller move is none
HEAVY = -0.6  # valence: whoever ends here may need more than music
HEAVIER = 0.2  # of valence
STIRRED = 0.3  # of arousal


def outcome(before: Affect, wished: Affect, after: Affect | None) -> str:
    """Where somebody came from, where they are now, and how that lies to where they wanted to go."""
    start, goal = word_near(before), word_near(wished)
    if after is None:
        return f"You came from feeling {start}, and the music led towards {goal}."
    now, left = word_near(after), after.distance(wished)
    way = f"You came from feeling {start} and now feel {now}."
    if start == now:
        way = f"You felt {start} before, and you feel {now} now."
    if left <= REACHED:
        return f"{way} That is where you wanted to be." if goal == now else f"{way} That is close to {goal}."
    if before.distance(after) < STILL:
        return f"{way} Some days music moves little, and that is all right."
    if left < before.distance(wished) - STILL:
        return f"{way} That is part of the way to {goal}."
    return f"{way} It did not lead to {goal} this time. That happens, and it is nothing that you did."


def may_need_help(before: Affect, after: Affect | None, felt_worse: bool) -> bool:
    """Whether to say, gently, where help is: who feels heavier or more distressed now, or very low."""
    if after is None:
        return felt_worse
    heavier = after.valence < min(0.0, before.valence - HEAVIER)
    distressed = after.valence < 0 and after.arousal > max(0.0, before.arousal + STIRRED)
    return heavier or distressed or after.valence <= HEAVY or (felt_worse and after.valence < 0)
