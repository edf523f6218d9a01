"""A gentle piece for the sound check: four soft chords."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.audio.frames import Frames

SAMPLE_RATE = 44_100
CHORD_S = 5.0
_OVERLAP_S = 1.5  # a chord rings on into the next
_ATTACK_S = 0.6
_PARTIALS = ((1, 1.0), (2, 0.35), (3, 0.12))  # harmonic, amplitude
# MIDI notes: C, A minor 7, F, and C again, each with its neighbours close, so that nothing jumps.
_CHORDS = ((48, 55, 64, 67, 72), (45, 55, 60, 64, 72), (41, 53, 60, 65, 69), (48, 55, 60, 64, 67))
_FADE = 0.3  # nepers in a second
_LEVEL = 0.075  # root mean square: some -20 LUFS, as loud as a calm session


def gentle_chords() -> Frames:
    """The piece: (n, 2) float32 at SAMPLE_RATE, some 21 s; both channels alike."""
    step, length = round(CHORD_S * SAMPLE_RATE), round((CHORD_S + _OVERLAP_S) * SAMPLE_RATE)
    piece = np.zeros(step * (len(_CHORDS) - 1) + length)
    for number, notes in enumerate(_CHORDS):
        piece[number * step : number * step + length] += _chord(notes, length)
    piece *= _LEVEL / np.sqrt(np.mean(np.square(piece)))
    return np.repeat(piece[:, np.newaxis], 2, axis=1).astype(np.float32)


def _chord(notes: tuple[int, ...], length: int) -> NDArray[np.float64]:
    seconds = np.arange(length) / SAMPLE_RATE
    tone: NDArray[np.float64] = np.zeros(length)
    for harmonic, amplitude in _PARTIALS:
        for note in notes:
            frequency = 440.0 * 2 ** ((note - 69) / 12)  # Hz, equal temperament
            tone += amplitude * np.sin(2 * np.pi * frequency * harmonic * seconds)
    tone *= np.exp(-seconds * _FADE)
    rise = np.clip(seconds / _ATTACK_S, 0, 1)
    fall = np.clip((seconds[-1] - seconds) / _OVERLAP_S, 0, 1)
    tone *= np.sin(rise * np.pi / 2) ** 2 * np.sin(fall * np.pi / 2) ** 2
    return tone
