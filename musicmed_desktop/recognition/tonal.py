"""Valence from harmony: how major or minor a piece sounds, from its chroma."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 16_000  # Hz
_FRAME = 4096
_HOP = 2048
_LOWEST_HZ, _HIGHEST_HZ = 100.0, 2000.0

# Krumhansl and Kessler 1982: how well each pitch class fits a key, from its tonic on.
_MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
_MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])


@dataclass(frozen=True)
class Tonality:
    """`mode`: best major less best minor key correlation, `key_clarity`: the best of all; -1 to 1."""

    mode: float
    key_clarity: float


def tonality(mono: NDArray[np.float32]) -> Tonality:
    """Of `mono` (n,) at 16 kHz, at least 3 s long."""
    chroma = _chroma(mono)
    major, minor = (_best_key(chroma, profile) for profile in (_MAJOR, _MINOR))
    return Tonality(mode=major - minor, key_clarity=max(major, minor))


def _best_key(chroma: NDArray[np.float64], profile: NDArray[np.float64]) -> float:
    if np.ptp(chroma) == 0.0:
        return 0.0
    keys = np.stack([np.roll(profile, tonic) for tonic in range(12)])
    return float(max(np.corrcoef(chroma, key)[0, 1] for key in keys))


def _chroma(mono: NDArray[np.float32]) -> NDArray[np.float64]:
    frames = np.lib.stride_tricks.sliding_window_view(mono, _FRAME)[::_HOP]
    magnitude = np.abs(np.fft.rfft(frames * np.hanning(_FRAME).astype(np.float32), axis=-1))
    hz = np.fft.rfftfreq(_FRAME, 1.0 / RATE)
    heard = (hz >= _LOWEST_HZ) & (hz <= _HIGHEST_HZ)
    pitch_class = np.rint(12.0 * np.log2(hz[heard] / 440.0) + 9.0).astype(int) % 12
    strength = magnitude[:, heard].sum(axis=0).astype(np.float64)
    return np.bincount(pitch_class, weights=strength, minlength=12).astype(np.float64)
