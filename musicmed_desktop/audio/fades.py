"""The curves of fades and crossfades: float32 gains, (count, 1), for frames of any number of channels."""

from __future__ import annotations

import numpy as np

from musicmed_desktop.audio.frames import Frames


def constant_power(count: int, correlation: float) -> tuple[Frames, Frames]:
    """Gains of what leaves and of what enters, such that their sum keeps its level.

    For sounds without correlation (0) these are the equal-power gains, whose squares add up to 1; for the same sound
    (1) their sum is 1. Between them: cos and sin, divided by sqrt(1 + correlation sin 2x), the sum's gain.
    """
    angle = np.pi / 2 * _progress(count)
    level = np.sqrt(1.0 + correlation * np.sin(2.0 * angle))
    return (np.cos(angle) / level).astype(np.float32), (np.sin(angle) / level).astype(np.float32)


def fade_in(count: int) -> Frames:
    """A rise that is quick at first, -7 dB after a thirtieth of it, so that a first note keeps its attack."""
    return np.asarray(_progress(count) ** 0.25, np.float32)


def fade_out(count: int) -> Frames:
    """A raised cosine down to nothing."""
    return (0.5 + 0.5 * np.cos(np.pi * _progress(count))).astype(np.float32)


def _progress(count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return ((np.arange(count) + 0.5) / max(1, count))[:, None]
