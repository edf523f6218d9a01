"""Sound on its way to the listener, as long as it may still be taken back."""

from __future__ import annotations

from collections import deque

import numpy as np

from musicmed_desktop.audio.frames import Frames, silence


class Pending:
    """Frames addressed by their number on the session's timeline, from `start`, the oldest, up to `end`.

    It keeps the chunks as they came and copies none, since the player holds the same ones.
    """

    def __init__(self, channels: int) -> None:
        self.start = 0
        self.end = 0
        self._chunks: deque[Frames] = deque()
        self._nothing = silence(0, channels)

    def append(self, frames: Frames) -> None:
        self._chunks.append(frames)
        self.end += len(frames)

    def view(self, begin: int, end: int) -> Frames:
        """What lies between `begin` and `end`, as far as it is here."""
        pieces = [self._nothing]
        at = self.start
        for chunk in self._chunks:
            pieces.append(chunk[max(0, begin - at) : max(0, end - at)])
            at += len(chunk)
        return np.concatenate(pieces)

    def take(self, until: int) -> Frames:
        """Remove and return what lies before `until`."""
        taken = self.view(self.start, until)
        self.start += len(taken)
        surplus = len(taken)
        while self._chunks and len(self._chunks[0]) <= surplus:
            surplus -= len(self._chunks.popleft())
        if surplus:
            self._chunks[0] = self._chunks[0][surplus:]
        return taken

    def cut(self, end: int) -> None:
        """Forget what lies at `end` and after it."""
        end = max(end, self.start)
        while self.end > end:
            last = self._chunks.pop()
            self.end -= len(last)
            if self.end < end:
                self.append(last[: end - self.end])
