"""A place where sound goes: it asks for the sound, block by block, when it needs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from musicmed_desktop.audio.frames import Frames

Fill = Callable[[Frames], None]
"""Fills a block, (n, channels) float32, in place. It is called on the output's own thread, which must not wait."""


class Output(Protocol):
    """An open sound device, or what stands for one. It is started once and closed once."""

    @property
    def name(self) -> str:
        """As a person knows it."""

    @property
    def sample_rate(self) -> int: ...

    @property
    def channels(self) -> int: ...

    @property
    def speed(self) -> float:
        """Seconds of sound that pass in one second: 1 for whatever can be heard."""

    @property
    def latency_s(self) -> float:
        """From now, or from the call of `fill` that is under way, until the block's first frame sounds."""

    @property
    def alive(self) -> bool:
        """Whether it still plays: False once the device has gone or no longer asks for sound."""

    @property
    def xruns(self) -> int:
        """Blocks for which the device was served too late, as it says itself."""

    def start(self, fill: Fill) -> None:
        """Begin to call `fill`. Raises UserError where the device refuses."""

    def close(self) -> None:
        """End the calls of `fill` and give the device back; returns soon, even where the device is dead."""


OpenOutput = Callable[[], Output]
"""Opens an output; raises UserError where nothing can play."""
