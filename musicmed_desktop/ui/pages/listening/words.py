"""What the listening page says, in plain words."""

from __future__ import annotations

from musicmed_desktop.affect import Affect
from musicmed_desktop.ui.circumplex import word_near
from musicmed_desktop.ui.kit import clock


def journey(start: Affect, target: Affect) -> str:
    """ "From worried to calm"."""
    here, there = word_near(start), word_near(target)
    return f"From {here} to {there}" if here != there else f"Staying {here}"


def left_words(position_s: float, seconds: float) -> str:
    """ "12:40 left"."""
    return f"{clock(max(0.0, seconds - position_s))} left"


def played_words(position_s: float, seconds: float) -> str:
    """ "2:20 of 15:00 played."."""
    return f"{clock(min(position_s, seconds))} of {clock(seconds)} played."


def making_words(step: int, count: int, complete: bool, ahead_s: float) -> str:
    """What is being made: part `step` (from 1) of `count`; `ahead_s` seconds are ready to be heard."""
    if complete:
        return "All of the music is ready."
    making = f"Composing part {step} of {count}."
    return f"{making} The next {clock(ahead_s)} is ready." if ahead_s >= 1 else making
