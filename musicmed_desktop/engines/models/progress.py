"""How far a long work is: bytes, speed, time left; and the way to stop it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from musicmed_desktop.engines.base import Cancelled, CancelledError

__all__ = ["Cancelled", "CancelledError", "Meter", "Progress", "Told", "Work", "nobody", "untold"]

Work = Literal["downloading", "copying", "checking"]
_WINDOW_S = 10.0  # over which speed is measured: long enough to be calm, short enough to follow the line
_TELL_S = 0.1  # between two reports


@dataclass(frozen=True)
class Progress:
    """`done` of `total` bytes; `speed` in bytes a second and `left_s` in seconds are None until they are known."""

    work: Work
    done: int
    total: int
    speed: float | None = None
    left_s: float | None = None


Told = Callable[[Progress], None]


def untold(_: Progress) -> None:
    """For those who do not want to be told."""


def nobody() -> bool:
    """For work that nobody cancels."""
    return False


class Meter:
    """Counts the bytes of one work and tells of it, at most ten times a second.

    `count` raises CancelledError where somebody wants it to stop. What was `done` before (`begin_at`) counts as done
    but not as speed.
    """

    def __init__(
        self,
        work: Work,
        total: int,
        told: Told = untold,
        cancelled: Cancelled = nobody,
        *,
        begin_at: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.work: Work = work
        self.total, self.done = total, begin_at
        self._told, self.cancelled, self._clock = told, cancelled, clock
        self._marks = deque([(clock(), begin_at)])
        self._told_at = float("-inf")
        self._tell()

    def count(self, amount: int) -> None:
        """`amount` bytes more are done; fewer where it is below zero, as when a part must be fetched again."""
        if self.cancelled():
            raise CancelledError
        if amount < 0:
            self._marks.clear()
        self.done += amount
        now = self._clock()
        self._marks.append((now, self.done))
        while now - self._marks[0][0] > _WINDOW_S and len(self._marks) > 2:
            self._marks.popleft()
        if now - self._told_at >= _TELL_S or self.done == self.total:
            self._tell()

    def _tell(self) -> None:
        self._told_at = self._clock()
        speed = self._speed()
        left = (self.total - self.done) / speed if speed else None
        self._told(Progress(self.work, self.done, self.total, speed, left))

    def _speed(self) -> float | None:
        (began, before), (now, after) = self._marks[0], self._marks[-1]
        return (after - before) / (now - began) if now - began >= 1 and after > before else None
