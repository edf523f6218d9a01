"""A ring of frames between one thread that writes and one that reads, without a lock."""

from __future__ import annotations

from musicmed_desktop.audio.frames import Frames, silence


class Ring:
    """Holds up to `capacity` frames; nothing is allocated after it was made.

    Each side moves a counter of its own, after its copy is done; the other side only reads it. Frames that are
    counted as written are whole, and those not yet counted as taken are not overwritten.
    """

    def __init__(self, capacity: int, channels: int) -> None:
        self.capacity = capacity
        self.written = 0  # frames since the beginning; moved by the writer alone
        self.taken = 0  # moved by the reader alone
        self._store = silence(capacity, channels)

    @property
    def waiting(self) -> int:
        """Frames that can be read; it may grow meanwhile, seen from the reader."""
        return self.written - self.taken

    @property
    def room(self) -> int:
        """Frames that can be written; it may grow meanwhile, seen from the writer."""
        return self.capacity - self.waiting

    def write(self, frames: Frames) -> int:
        """Append `frames`, (n, channels), as far as there is room; returns how many."""
        count = min(len(frames), self.room)
        place = self.written % self.capacity
        first = min(count, self.capacity - place)
        self._store[place : place + first] = frames[:first]
        self._store[: count - first] = frames[first:count]
        self.written += count
        return count

    def read_into(self, block: Frames) -> int:
        """Move frames to the beginning of `block`, (n, channels), as far as they are there; returns how many."""
        count = min(len(block), self.waiting)
        place = self.taken % self.capacity
        first = min(count, self.capacity - place)
        block[:first] = self._store[place : place + first]
        block[first:count] = self._store[: count - first]
        self.taken += count
        return count
