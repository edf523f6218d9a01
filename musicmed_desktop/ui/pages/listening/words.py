"""What the listening page says, in plain words."""

from __future__ import annotations

from musicmed_desktop.affect import Affect
from musicmed_desktop.ui.circumplex.words import words_near
from musicmed_desktop.ui.kit.times import clock

State = str  # of the player, or "preparing" while there is none
CALMING = "We are going to calm now."
CALMING_MORE = (
    "The music turns to something quiet. You can stop at any time. If you need someone to talk to, help is near."
)
STOPPING = "The music fades out. Your session is being kept."
LOST = "The music goes on by itself as soon as the sound is back."
_STATES: dict[State, str] = {
    "preparing": "The music is being made, one moment.",
    "waiting": "The music is being made, one moment.",
    "playing": "You hear now",
    "paused": "Paused. The music waits for you.",
    "lost": "There is no sound at the moment.",
    "ended": "The music has come to its end.",
    "stopped": STOPPING,
}
_LEVELS = ((-60.0, "silent"), (-34.0, "very soft"), (-24.0, "soft"), (-14.0, "medium"), (0.0, "full"))


def journey(start: Affect, target: Affect) -> str:
    """ "From worried to calm"."""
    here, there = words_near(start, 1)[0], words_near(target, 1)[0]
    return f"From {here} to {there}" if here != there else f"Staying {here}"


def state_words(state: State) -> str:
    return _STATES[state]


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


def level_words(level_dbfs: float) -> str:
    """How loud the music is just now, before the volume of the device."""
    return next((words for ceiling, words in _LEVELS if level_dbfs <= ceiling), "full")
