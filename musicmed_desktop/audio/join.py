"""The timeline on which clips are laid, each one's start over the tail of the one before."""

from __future__ import annotations

import math

import numpy as np

from musicmed_desktop.audio.fades import constant_power, fade_in
from musicmed_desktop.audio.frames import Backlog, Frames, silence


class Timeline(Backlog):
    """Frames in their final place; the open clip continues at `cursor`, over the tail that may lie there."""

    def __init__(self, channels: int) -> None:
        super().__init__(channels)
        self.cursor = 0
        self._channels = channels
        self._rise: Frames = fade_in(0)
        self._entering = silence(0, channels)  # the open clip's start, until it is as long as the tail
        self._tail = 0

    def begin(self, fade: int) -> None:
        """Open the timeline with a first clip, faded in over `fade` frames."""
        self._rise = fade_in(fade)

    def join(self, at: int, tail_end: int) -> None:
        """Lay the next clip at `at`; what sounds from there to `tail_end` is crossfaded with its start."""
        self.cut(tail_end)
        self.cursor = at
        self._tail = self.end - at

    def lay(self, samples: Frames) -> None:
        """Continue the open clip. What lies over a tail waits until all of that is covered: how alike the two are
        decides how they are crossfaded."""
        if self._tail:
            self._entering = np.concatenate([self._entering, samples])
            if len(self._entering) < self._tail:
                return
            samples = self._crossfaded()
        rising = self._rise[: len(samples)]
        self._rise = self._rise[len(rising) :]
        self.append(np.concatenate([samples[: len(rising)] * rising, samples[len(rising) :]]))
        self.cursor += len(samples)

    def settle(self) -> None:
        """The open clip has ended; if it was shorter than the tail, that goes on fading alone."""
        if self._tail:
            missing = silence(self._tail - len(self._entering), self._channels)
            self._entering = np.concatenate([self._entering, missing])
            self._crossfaded()
            self.cursor -= len(missing)

    def _crossfaded(self) -> Frames:
        """Mix the tail with the clip's start, and return the rest of the clip."""
        tail = self.view(self.end - self._tail, self.end)
        entering, rest = self._entering[: self._tail], self._entering[self._tail :]
        leaves, enters = constant_power(self._tail, correlation(tail, entering))
        tail *= leaves
        tail += entering * enters
        self.cursor += self._tail
        self._tail, self._entering = 0, self._entering[:0]
        return rest


def correlation(leaving: Frames, entering: Frames) -> float:
    """How alike two sounds are, 0 to 1; sounds of opposite phase count as not alike."""
    power = float(np.vdot(leaving, leaving)) * float(np.vdot(entering, entering))
    likeness = float(np.vdot(leaving, entering)) / math.sqrt(max(power, 1e-20))
    return min(1.0, max(0.0, likeness))
