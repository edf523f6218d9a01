"""The outline of a session for a drawing: the highest magnitude in each twentieth of a second."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.audio.frames import Frames

PER_S = 20


class Envelope:
    """Grows with the session; may be asked from any thread."""

    def __init__(self, sample_rate: int) -> None:
        self._cell = max(1, sample_rate // PER_S)  # frames
        self._sample_rate = sample_rate
        self._peaks = np.zeros(0, np.float32)

    def add(self, frames: Frames, begin: int) -> None:
        """`frames`, (n, channels), lie at `begin` of the session and replace whatever was there and behind it."""
        cell, inside = divmod(begin, self._cell)
        magnitudes = np.abs(frames).max(axis=1)
        missing = -(inside + len(magnitudes)) % self._cell
        peaks = np.pad(magnitudes, (inside, missing)).reshape(-1, self._cell).max(axis=1)
        known = np.pad(self._peaks[: cell + 1], (0, max(0, cell + 1 - len(self._peaks))))
        if len(peaks) and inside:
            peaks[0] = max(peaks[0], known[cell])
        self._peaks = np.concatenate([known[:cell], peaks])

    def read(self, start_s: float, end_s: float, points: int) -> NDArray[np.float32]:
        """`points` peaks, linear, from `start_s` to `end_s`; 0 where nothing is known."""
        peaks = self._peaks
        edges = np.linspace(start_s, end_s, points + 1) * self._sample_rate / self._cell
        cells = np.maximum(0, np.floor(edges).astype(np.intp))
        last = max(cells[-1], cells[-2] + 1)
        outline = np.pad(peaks[:last], (0, max(0, last - len(peaks))))
        return np.maximum.reduceat(outline, cells[:-1])
