"""A gain that moves in straight lines, applied in place and without allocating."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from musicmed_desktop.audio.frames import Frames

_PIECE = 4096  # frames whose ramp is made at once


class FadeOut(NamedTuple):
    """A straight line down to silence between two places; their unit is its maker's."""

    begin: float
    end: float


class Fader:
    """An amplitude gain, linear. A gain of 1 that does not move leaves the samples as they are, bit by bit."""

    def __init__(self, gain: float) -> None:
        self.gain = gain  # of the next frame
        self.target = gain
        self.left = 0  # frames until the target is reached
        self._steps = np.arange(1, _PIECE + 1, dtype=np.float32)[:, None]
        self._ramp = np.empty((_PIECE, 1), np.float32)

    def move(self, target: float, frames: int) -> None:
        """Be at `target` after `frames`; at once, if that is 0."""
        self.target, self.left = target, frames
        if not frames:
            self.gain = target

    def apply(self, block: Frames) -> None:
        """Multiply `block`, (n, channels), and move on by n frames."""
        done = 0
        while self.left and done < len(block):
            count = min(self.left, len(block) - done, _PIECE)
            self._slide(block[done : done + count])
            done += count
        if self.gain != 1.0:
            block[done:] *= self.gain

    def _slide(self, piece: Frames) -> None:
        count = len(piece)
        step = (self.target - self.gain) / self.left
        ramp = self._ramp[:count]
        np.multiply(self._steps[:count], step, out=ramp)
        ramp += self.gain
        piece *= ramp
        self.left -= count
        self.gain = self.gain + step * count if self.left else self.target
