"""What a running session tells whoever listens: the terminal, or the window."""

from __future__ import annotations

from dataclasses import dataclass

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.base import Frames
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan import Plan, Step
from musicmed_desktop.recognition.base import Measurement
from musicmed_desktop.session.record import Reason, SessionRecord, StepRecord


@dataclass(frozen=True)
class StepStarted:
    """The clip of `step` is being made; it will sound from `start_s` of the session on."""

    step: Step
    start_s: float


@dataclass(frozen=True, eq=False)
class ChunkReady:
    """Finished sound, ready to be played: `frames` (n, channels), which begin at `start_s` of the session.

    Where `start_s` lies before the end of what was given, they replace it from there on: all of it, also what lies
    behind their own end. Their start already holds the crossfade from the sound that leaves.
    """

    frames: Frames
    start_s: float
    sample_rate: int


@dataclass(frozen=True)
class StepMeasured:
    """What the chosen clip conveys, and out of how many `tries` it was chosen.

    `aim` is what the engine was asked for, `seed` what the clip was made from.
    """

    step: Step
    measurement: Measurement
    tries: int
    aim: Affect
    seed: int


@dataclass(frozen=True)
class StepStored:
    """The whole sound of a step is in the recording."""

    record: StepRecord


@dataclass(frozen=True)
class Replanned:
    """The listener asked for something else: from `start_s` of the session on, `plan` holds.

    Its steps count from zero again, and their own start_s are relative to this `start_s`. Steps of the plan before
    that begin at `start_s` or later are void, whether they were started, measured or not.
    """

    plan: Plan
    start_s: float
    reason: Reason
    felt: Affect


@dataclass(frozen=True)
class EngineMoved:
    """The engine goes on, but otherwise than before: `about` is what it says of itself now, see Engine.about."""

    about: str


@dataclass(frozen=True)
class AllMade:
    """All sound was given that the plan asks for; more comes only if the listener asks for something else."""


@dataclass(frozen=True)
class SessionFinished:
    """The recording is complete; `shortened` when the listener stopped it before the plan's end.

    Stopped before its first clip was finished, a session keeps nothing and has no record.
    """

    record: SessionRecord | None
    shortened: bool


@dataclass(frozen=True)
class SessionFailed:
    """The session could not go on. `record` is what was kept: a shorter session, or nothing."""

    error: UserError
    record: SessionRecord | None


Event = (
    StepStarted
    | ChunkReady
    | StepMeasured
    | StepStored
    | Replanned
    | EngineMoved
    | AllMade
    | SessionFinished
    | SessionFailed
)
"""The last event of a session is SessionFinished or SessionFailed."""
