"""What will be played: the steps of a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from musicmed_desktop.affect import Affect

Phase = Literal["match", "transition", "settle"]


@dataclass(frozen=True)
class Prompt:
    """The words that describe one clip; tags are MTG-Jamendo's (56 mood/theme tags, genres, instruments)."""

    text: str
    moods: tuple[str, ...]
    genre: str
    instruments: tuple[str, ...]
    tempo: str


@dataclass(frozen=True)
class Step:
    """One clip of about 30 seconds: when it sounds, what it should convey, and in which words.

    `progress` is the share of the path's length, 0 to 1, at which `target` lies.
    """

    index: int
    start_s: float
    duration_s: float
    target: Affect
    progress: float
    phase: Phase
    mood: str
    prompt: Prompt

    @property
    def end_s(self) -> float:
        return self.start_s + self.duration_s
