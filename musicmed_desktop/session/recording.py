"""The seam between a session and the place that keeps it: a folder, or a library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from musicmed_desktop.engines.base import Engine, Frames
from musicmed_desktop.engines.score import Score
from musicmed_desktop.plan import Plan
from musicmed_desktop.recognition.base import Recognizer
from musicmed_desktop.session.record import Change, SessionRecord, StepRecord


@dataclass(frozen=True, eq=False)
class Beginning:
    """What is known of a session when its first sound comes."""

    plan: Plan
    engine: Engine
    recognizer: Recognizer


class Recording(Protocol):
    """Keeps one session. `begin`, then `write` and what is stored as it grows, then `finish` or `discard`.

    Each method but `discard` raises UserError where the disk does not do its part. A recording that raised
    once raises again whatever is asked of it, until it is discarded.
    """

    @property
    def audio_name(self) -> str:
        """The sound file's name, relative to the record."""
        ...

    def begin(self, beginning: Beginning) -> None:
        """The session begins; its sound has the engine's sample rate and channels. Once, before the first `write`."""
        ...

    def write(self, frames: Frames) -> None:
        """Append finished sound, (n, channels)."""
        ...

    def store_step(self, step: StepRecord, end: int) -> None:
        """All sound of this step was written; it ends before frame `end` of the session."""
        ...

    def store_change(self, change: Change) -> None:
        """The listener asked for something else, and it is heard from `change.at_s` on, or was overtaken."""
        ...

    def finish(self, record: SessionRecord, score: Score | None) -> None:
        """Keep the session; `score` is there where the engine knows what was played."""
        ...

    def discard(self) -> None:
        """It does not come to its end. Without effect after `finish` or an earlier `discard`."""
        ...
