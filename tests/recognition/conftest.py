"""A small piece in any mode, played on any instrument."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

Sound = NDArray[np.float32]
Voice = Callable[[int, float], Sound]  # pitch as MIDI, seconds -> (n,) at 16 kHz

RATE = 16_000
STEPS = {  # from bright to dark, with a cadence that is typical of the mode
    "lydian": ((0, 2, 4, 6, 7, 9, 11), (0, 1, 4, 0)),
    "ionian": ((0, 2, 4, 5, 7, 9, 11), (0, 3, 4, 0)),
    "mixolydian": ((0, 2, 4, 5, 7, 9, 10), (0, 6, 3, 0)),
    "dorian": ((0, 2, 3, 5, 7, 9, 10), (0, 3, 6, 0)),
    "aeolian": ((0, 2, 3, 5, 7, 8, 10), (0, 5, 6, 0)),
    "phrygian": ((0, 1, 3, 5, 7, 8, 10), (0, 1, 6, 0)),
}
MODES = tuple(STEPS)


@cache
def tone(pitch: int, seconds: float, harmonics: int = 6) -> Sound:
    """A plucked string: harmonics that fall by 1 / n and die away."""
    time = np.arange(round(seconds * RATE)) / RATE
    hz = 440.0 * 2.0 ** ((pitch - 69) / 12.0)
    wave = np.zeros(len(time))
    for n in range(1, harmonics + 1):
        wave += np.sin(2.0 * np.pi * hz * n * time) / n
    return (wave * np.exp(-2.0 * time) * np.minimum(1.0, time / 0.01)).astype(np.float32)


@dataclass(frozen=True)
class Piece:
    """Chords, their roots in the bass, and a tune; `added` is a semitone count above each root that joins the chord."""

    mode: str
    tonic: int = 60
    beat_s: float = 0.5
    bars: int = 8
    added: int | None = None

    def notes(self) -> Iterator[tuple[float, float, int]]:
        """Start and length in beats, pitch."""
        scale, cadence = STEPS[self.mode]
        degrees = [octave + step for octave in (0, 12, 24) for step in scale]
        for bar in range(self.bars):
            degree = cadence[bar % 4]
            root = self.tonic + degrees[degree]
            yield 4 * bar, 4, root - 24
            for third in (0, 2, 4):
                yield 4 * bar, 4, self.tonic + degrees[degree + third]
            if self.added is not None:
                yield 4 * bar, 4, root + self.added
            for beat, step in enumerate((0, 1, 2, 4) if bar % 2 else (4, 3, 2, 0)):
                yield 4 * bar + beat, 1, self.tonic + degrees[degree + step]

    def play(self, voice: Voice = tone) -> Sound:
        sound = np.zeros(round((4 * self.bars + 4) * self.beat_s * RATE), np.float32)
        for start, length, pitch in self.notes():
            note = voice(pitch, length * self.beat_s)
            first = round(start * self.beat_s * RATE)
            sound[first : first + len(note)] += note[: len(sound) - first]
        sound *= 0.5 / np.abs(sound).max()
        return sound


@pytest.fixture(scope="session")
def piece() -> type[Piece]:
    return Piece


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)
