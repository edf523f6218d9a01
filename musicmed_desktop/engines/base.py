"""The seam between a session and whatever makes the music."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Protocol

from musicmed_desktop.affect import Affect
from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.master import EXIT_TOLERANCE_S
from musicmed_desktop.engines.score import Score
from musicmed_desktop.plan.step import Step

__all__ = [
    "EXIT_TOLERANCE_S",
    "Cancelled",
    "CancelledError",
    "ClipContext",
    "Engine",
    "Frames",
    "Handover",
]

Cancelled = Callable[[], bool]  # asked between chunks; True ends the clip


@dataclass(frozen=True)
class Handover:
    """What a finished clip hands to the next one.

    `exit_s`: where in the clip the next one should begin, seconds (a bar line where the engine has bars);
    what lies behind it is overlap, to be crossfaded. `memory` is the engine's own (tokens, a composer's
    state); `score` holds the bars that this clip adds to the piece, where the engine knows them.
    """

    exit_s: float
    memory: object = None
    score: Score | None = None


@dataclass(frozen=True)
class ClipContext:
    """What a clip must know beside its step.

    `seconds` is the wanted distance from the clip's start to its `exit_s`, which an engine with bars may miss
    by up to `EXIT_TOLERANCE_S`; behind its exit it sounds on for `overlap_s` or a little longer. The last clip
    of a session (`final`) is exactly `seconds` long and ends the music. `leaving` is the affect at which the
    clip begins, the previous step's target.
    """

    seed: int
    seconds: float
    overlap_s: float
    final: bool
    leaving: Affect
    previous: Handover | None = None


class Engine(Protocol):
    """Turns a step into sound. The same seed, step, context and engine version give the same audio."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def about(self) -> str:
        """What makes the music, where, and why it is not something else: a sentence or two for the listener. It may
        change with a clip."""
        ...

    @property
    def tries(self) -> int:
        """How many takes of a step it can afford to make, so that the nearest to the mood is kept."""
        ...

    @property
    def sample_rate(self) -> int: ...
    @property
    def channels(self) -> int: ...

    def stream(self, step: Step, context: ClipContext, cancelled: Cancelled) -> Generator[Frames, None, Handover]:
        """Yield the clip in chunks, so that playing can start before it is finished; return its handover.

        When `cancelled()` turns true the generator raises `CancelledError` before its next chunk.
        """
        ...

    def unload(self) -> None:
        """Give back the memory that it holds, at the end of its use."""
        ...


class CancelledError(Exception):
    """The listener stopped the session; raised by an engine in the middle of a clip."""
