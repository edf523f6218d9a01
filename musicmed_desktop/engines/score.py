"""A score that engines may hand over: bars with a tempo, and notes placed in beats."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """One bar: its length in beats (quarter notes) and its tempo in beats per minute."""

    beats: float
    bpm: float

    @property
    def seconds(self) -> float:
        return self.beats * 60.0 / self.bpm


@dataclass(frozen=True)
class Note:
    """`start` and `length` in beats from the score's first bar; `pitch` as MIDI, `velocity` 1 to 127."""

    part: str
    start: float
    length: float
    pitch: int
    velocity: int


@dataclass(frozen=True)
class Score:
    """Consecutive bars and the notes that begin in them; `programs` maps a part to its General MIDI program.

    Drum parts have the program -1.
    """

    bars: tuple[Bar, ...]
    notes: tuple[Note, ...]
    programs: tuple[tuple[str, int], ...]
