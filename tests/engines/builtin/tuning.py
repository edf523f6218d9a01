"""How far a sound lies from its note, by the energy on its harmonics."""

from __future__ import annotations

import numpy as np

from musicmed_desktop.engines.builtin.sampler import SAMPLE_RATE, Channels

_HARMONICS = np.arange(1, 9)
_POINTS = 1 << 17  # 0.34 Hz apart: 7 cents at the lowest harmonic that counts


def comb(sound: Channels, pitch: int, cents: np.typing.NDArray[np.floating]) -> np.typing.NDArray[np.floating]:
    """The amplitude that a comb of eight harmonics of the note, moved by each of `cents`, gathers from (n,) or
    (channels, n) frames."""
    mono = np.atleast_2d(sound).mean(axis=0)
    steady = mono[round(0.05 * SAMPLE_RATE) : round(1.3 * SAMPLE_RATE)]
    spectrum = np.abs(np.fft.rfft(steady * np.hanning(len(steady)), _POINTS))
    base = 440.0 * 2.0 ** ((pitch - 69 + cents / 100.0) / 12.0)
    lines = np.round(np.outer(base, _HARMONICS) * _POINTS / SAMPLE_RATE).astype(int)
    found = np.where(lines < len(spectrum) * 0.36, spectrum[np.minimum(lines, len(spectrum) - 1)], 0.0)  # below 8 kHz
    gathered: np.typing.NDArray[np.floating] = found.sum(axis=1)
    return gathered


def cents_off(sound: Channels, pitch: int) -> float:
    """The shift, within a semitone, of the comb that gathers most."""
    cents = np.arange(-100.0, 101.0, 4.0)
    return float(cents[comb(sound, pitch, cents).argmax()])
