"""What goes on, in plain words."""

from __future__ import annotations

State = str  # of the player; while there is none "loading", until the engine is open, and then "preparing"
STOPPING = "The music fades out. Your session is being kept."
_STATES: dict[State, str] = {
    "loading": "Your music is being prepared. The first time this may take a minute.",
    "preparing": "The music is being made, one moment.",
    "waiting": "The music is being made, one moment.",
    "playing": "You hear now",
    "paused": "Paused. The music waits for you.",
    "lost": "There is no sound at the moment.",
    "ended": "The music has come to its end.",
    "stopped": STOPPING,
}


def state_words(state: State) -> str:
    return _STATES[state]
