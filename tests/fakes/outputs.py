"""Outputs for tests: what is played can be looked at, and the device dies on command."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np

from musicmed_desktop.audio.frames import Frames, silence
from musicmed_desktop.audio.output import Fill
from musicmed_desktop.audio.silent import SilentOutput


class CapturingOutput(SilentOutput):
    """Keeps every block that it was given; `dies` says that the device has gone."""

    def __init__(self, sample_rate: int = 8000, channels: int = 2, speed: float = 50.0) -> None:
        super().__init__(sample_rate, channels, speed)
        self.blocks: list[Frames] = []
        self.closed = False
        self._dead = False

    @property
    def alive(self) -> bool:
        return not self._dead and super().alive

    @property
    def samples(self) -> Frames:
        """All blocks one after the other, with the silence between them."""
        return np.concatenate([silence(0, self.channels), *self.blocks])

    @property
    def music(self) -> Frames:
        """The frames that are not silent."""
        samples = self.samples
        return samples[samples.any(axis=1)]

    def start(self, fill: Fill) -> None:
        def fill_and_keep(block: Frames) -> None:
            fill(block)
            self.blocks.append(block.copy())

        super().start(fill_and_keep)

    def dies(self) -> None:
        self._dead = True

    def close(self) -> None:
        super().close()
        self.closed = True


class HandOutput:
    """Asks for a block when the test says so: `pull`."""

    name = "by hand"
    speed = 1.0
    latency_s = 0.0
    xruns = 0
    alive = True

    def __init__(self, sample_rate: int = 8000, channels: int = 2) -> None:
        self.sample_rate = sample_rate
        self.channels = channels
        self._fill: Fill = lambda block: block.fill(0.0)

    def start(self, fill: Fill) -> None:
        self._fill = fill

    def close(self) -> None:
        self.start(lambda block: block.fill(0.0))

    def pull(self, count: int) -> Frames:
        block = np.full((count, self.channels), np.nan, np.float32)
        self._fill(block)
        return block


def wait_until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    """Fails when `condition` does not come true."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        pause.wait(0.005)
