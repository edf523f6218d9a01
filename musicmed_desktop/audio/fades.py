"""The curves of fades and crossfades: float32 gains, (count, 1), for frames of any number of channels."""

from __future__ import annotations

import numpy as np

from musicmed_desktop.audio.frames import Frames


def equal_power(count: int) -> tuple[Frames, Frames]:
    """Gains of what leaves and of what enters; as their squares add up to 1, uncorrelated
    sound keeps its level."""
    angle = np.pi / 2 * _progress(count)
    return np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)


def fade_in(count: int) -> Frames:
    """A rise that is quick at first, -7 dB after a thirtieth of it, so that a first note keeps its attack."""
    return np.asarray(_progress(count) ** 0.25, np.float32)


def fade_out(count: int) -> Frames:
    """A raised cosine down to nothing."""
    return (0.5 + 0.5 * np.cos(np.pi * _progress(count))).astype(np.float32)


def _progress(count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return ((np.arange(count) + 0.5) / max(1, count))[:, None]
