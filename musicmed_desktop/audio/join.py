"""The timeline on which clips are laid, each one's start over the tail of the one before."""

from __future__ import annotations

import numpy as np

from musicmed_desktop.audio.fades import equal_power, fade_in
from musicmed_desktop.audio.frames import Backlog, Frames


class Timeline(Backlog):
    """Frames in their final place; the open clip continues at `cursor`, over the tail that may lie there."""

    def __init__(self, channels: int) -> None:
        super().__init__(channels)
        self.cursor = 0
        self._rise: Frames = fade_in(0)

    def begin(self, fade: int) -> None:
        """Open the timeline with a first clip, faded in over `fade` frames."""
        self._rise = fade_in(fade)

    def join(self, at: int, tail_end: int) -> None:
        """Lay the next clip at `at`; what sounds from there to `tail_end` is crossfaded with its start."""
        self.cut(tail_end)
        leaving, self._rise = equal_power(self.end - at)
        self.view(at, self.end)[:] *= leaving
        self.cursor = at

    def lay(self, samples: Frames) -> None:
        """Continue the open clip."""
        rising = self._rise[: len(samples)]
        self._rise = self._rise[len(rising) :]
        samples = np.concatenate([samples[: len(rising)] * rising, samples[len(rising) :]])
        under = self.view(self.cursor, self.cursor + len(samples))
        under += samples[: len(under)]
        self.append(samples[len(under) :])
        self.cursor += len(samples)
