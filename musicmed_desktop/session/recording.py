"""The seam between a session and the place that keeps it: a folder, or a library."""

from __future__ import annotations

from typing import Protocol

from musicmed_desktop.engines.base import Frames
from musicmed_desktop.engines.score import Score
from musicmed_desktop.session.record import SessionRecord, StepRecord


class Recording(Protocol):
    """Keeps one session. `begin`, `write` and `store_step` as it grows, then `finish` or `discard`.

    Each method but `discard` raises UserError where the disk does not do its part. A recording that raised
    once raises again whatever is asked of it, until it is discarded: nothing incomplete is ever kept.
    """

    @property
    def audio_name(self) -> str:
        """The sound file's name, relative to the record."""
        ...

    def begin(self, sample_rate: int, channels: int) -> None:
        """What will be written has these; asked once, before the first `write`."""
        ...

    def write(self, frames: Frames) -> None:
        """Append finished sound, (n, channels)."""
        ...

    def store_step(self, step: StepRecord) -> None:
        """All sound of this step was written."""
        ...

    def finish(self, record: SessionRecord, score: Score | None) -> None:
        """Keep the session; `score` is there where the engine knows what was played."""
        ...

    def discard(self) -> None:
        """Keep nothing. Without effect after `finish` or an earlier `discard`."""
        ...
