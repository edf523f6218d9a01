"""How far a sound lies from its note, by the energy on its harmonics."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.engines.builtin.sampler import SAMPLE_RATE, Channels

HARMONICS = tuple(range(1, 9))
BELL = (2, 4)  # a bell's other partials are not harmonic; these two make its strike note
_POINTS = 1 << 17  # 0.34 Hz apart
_HIGHEST_HZ = 8_000.0


def comb(
    sound: Channels, pitch: int, cents: Sequence[float], harmonics: tuple[int, ...] = HARMONICS
) -> NDArray[np.floating]:
    """The amplitude that a comb of the note's harmonics, moved by each of `cents`, finds in (channels, n) frames."""
    mono = np.atleast_2d(sound).mean(axis=0)
    steady = mono[round(0.05 * SAMPLE_RATE) : round(1.3 * SAMPLE_RATE)]
    spectrum = np.abs(np.fft.rfft(steady * np.hanning(len(steady)), _POINTS))
    base = 440.0 * 2.0 ** ((pitch - 69 + np.asarray(cents) / 100.0) / 12.0)
    lines = np.outer(base, harmonics)
    found = spectrum[np.round(np.minimum(lines, _HIGHEST_HZ) * _POINTS / SAMPLE_RATE).astype(int)]
    gathered: NDArray[np.floating] = np.where(lines < _HIGHEST_HZ, found, 0.0).sum(axis=1)
    return gathered


def cents_off(sound: Channels, pitch: int, harmonics: tuple[int, ...] = HARMONICS) -> float:
    """The shift, within a semitone, of the comb that gathers most."""
    cents = np.arange(-100.0, 101.0, 4.0)
    return float(cents[comb(sound, pitch, cents.tolist(), harmonics).argmax()])
