"""Frames, the currency of this package, and a queue of them that is addressed by time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.float32]  # (n, channels), in [-1, 1]


def silence(count: int, channels: int) -> Frames:
    return np.zeros((count, channels), np.float32)


class Backlog:
    """Frames that wait, addressed by their number on the timeline: from `start`, the oldest, up to `end`.

    Appending costs no more than copying what is new (amortized), taking no more than what is taken.
    """

    def __init__(self, channels: int) -> None:
        self.start = 0
        self.end = 0
        self._store = silence(1 << 14, channels)
        self._base = 0  # the timeline number of the store's first row

    def view(self, begin: int, end: int) -> Frames:
        """What waits between `begin` and `end`, to be read or changed until the next append."""
        begin = max(begin, self.start)
        return self._store[begin - self._base : max(begin, min(end, self.end)) - self._base]

    def waiting(self) -> Frames:
        return self.view(self.start, self.end)

    def __len__(self) -> int:
        return self.end - self.start

    def append(self, samples: Frames) -> None:
        self._make_room(len(samples))
        self.end += len(samples)
        self.view(self.end - len(samples), self.end)[:] = samples

    def take(self, until: int) -> Frames:
        """Remove and return what lies before `until`."""
        taken = self.view(self.start, until).copy()
        self.start += len(taken)
        return taken

    def cut(self, end: int) -> None:
        """Forget what lies at `end` and after it."""
        self.end = max(self.start, min(end, self.end))

    def _make_room(self, count: int) -> None:
        if self.end + count - self._base <= len(self._store):
            return
        waiting = self.waiting().copy()
        need = len(waiting) + count
        if 2 * need > len(self._store):
            self._store = silence(3 * need, self._store.shape[1])
        self._store[: len(waiting)] = waiting
        self._base = self.start
