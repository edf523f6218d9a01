"""What was given to be played, until it has been."""

from __future__ import annotations

import threading
from collections import deque

import numpy as np

from musicmed_desktop.audio.frames import Frames, silence


class Programme:
    """Pieces of a session in their order, addressed by its frames; any thread may call.

    It is read from `first` on, up to `taken` so far. To start again elsewhere begins a new run, with a new number:
    who still reads for the old one gets nothing more.
    """

    def __init__(self, channels: int) -> None:
        self.run = 0
        self.first = 0  # where this run began
        self.taken = 0  # up to here it can no longer be changed
        self.end = 0
        self.finished = False
        self._channels = channels
        self._pieces: deque[tuple[int, Frames]] = deque()  # (first frame, frames), without gaps
        self._lock = threading.Lock()

    def put(self, frames: Frames, begin: int) -> int:
        """`frames` begin at `begin`; what was there and behind it is forgotten, except what was taken.

        Returns where they really begin. Raises ValueError for a gap.
        """
        with self._lock:
            if begin > self.end:
                raise ValueError(f"a gap of {begin - self.end} frames")
            kept = frames[max(0, self.taken - begin) :]
            begin = max(begin, self.taken)
            self._cut(begin)
            if len(kept):
                self._pieces.append((begin, kept))
            self.end = begin + len(kept)
            self.finished = False
            return begin

    def finish(self) -> None:
        self.finished = True

    def take(self, run: int, count: int) -> Frames:
        """The next frames of the run of that number, at most `count`, possibly none."""
        with self._lock:
            if run != self.run:
                return silence(0, self._channels)
            frames = self._view(self.taken, self.taken + count)
            self.taken += len(frames)
            return frames

    def exhausted(self, run: int) -> bool:
        """Whether all of that run was taken, and no more is to come."""
        with self._lock:
            return run == self.run and self.finished and self.taken == self.end

    def view(self, begin: int, end: int) -> Frames:
        """What is known between the frames `begin` and `end`."""
        with self._lock:
            return self._view(begin, end)

    def forget(self, before: int) -> None:
        """Let go of whole pieces that lie before the frame `before`."""
        with self._lock:
            while self._pieces and self._pieces[0][0] + len(self._pieces[0][1]) <= min(before, self.taken):
                self._pieces.popleft()

    def rewind(self, to: int) -> None:
        """A new run, from the frame `to` on, which was taken already."""
        with self._lock:
            kept = self._pieces[0][0] if self._pieces else self.end
            self._begin(max(kept, min(to, self.end)))

    def jump(self, to: int) -> None:
        """A new run, from the frame `to` on, for which everything has to be given anew."""
        with self._lock:
            self._pieces.clear()
            self.end = to
            self.finished = False
            self._begin(to)

    def _begin(self, frame: int) -> None:
        self.run += 1
        self.first = self.taken = frame

    def _cut(self, end: int) -> None:
        while self._pieces and self._pieces[-1][0] >= end:
            self._pieces.pop()
        if self._pieces:
            begin, frames = self._pieces.pop()
            self._pieces.append((begin, frames[: end - begin]))

    def _view(self, begin: int, end: int) -> Frames:
        found = []
        for start, frames in self._pieces:
            if start >= end:
                break
            if start + len(frames) > begin:
                found.append(frames[max(0, begin - start) : end - start])
        return np.concatenate(found) if found else silence(0, self._channels)
