"""Whole sessions: whether the music walks where it was asked to, and what is heard of its joins."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.engines.base import Cancelled, CancelledError, Engine, Frames
from musicmed_desktop.engines.score import Score
from musicmed_desktop.evaluation.joins import short_term_jumps, steps_beyond
from musicmed_desktop.evaluation.values import Walk
from musicmed_desktop.plan import Plan, build_plan, parse_prescription
from musicmed_desktop.recognition.base import Recognizer
from musicmed_desktop.session.events import SessionFailed, SessionFinished
from musicmed_desktop.session.record import Change, SessionRecord, StepRecord
from musicmed_desktop.session.recording import Beginning
from musicmed_desktop.session.runner import SessionRunner

# From where to where sessions walk: through all quadrants, most of them as patients ask for it.
PAIRS = (
    ("anxious", "calm"), ("sad", "happy"), ("angry", "content"), ("tired", "energetic"), ("excited", "sleepy"),
    ("lonely", "hopeful"), ("calm", "joyful"), ("stressed", "peaceful"), ("bored", "excited"), ("joyful", "calm"),
    ("panicky", "relaxed"), ("gloomy", "focused"),
)  # fmt: skip

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Journey:
    """A session that is asked for, of so many minutes."""

    start: str
    target: str
    seed: int
    minutes: float

    def plan(self) -> Plan:
        document = {"start": self.start, "target": self.target, "minutes": self.minutes}
        return build_plan(parse_prescription(document), self.seed)


def journeys(count: int, minutes: float) -> tuple[Journey, ...]:
    """Each of the PAIRS in turn, and when all have had theirs, again with the next seed."""
    return tuple(Journey(*PAIRS[number % len(PAIRS)], number // len(PAIRS) + 1, minutes) for number in range(count))


def walked(engine: Engine, recognizer: Recognizer, journey: Journey, cancelled: Cancelled) -> tuple[Walk, Frames]:
    """Make the session, and measure it; with its sound. Raises UserError where it fails, and CancelledError.

    The jump of loudness is NaN where no join could be measured.
    """
    plan, tape = journey.plan(), _Tape()
    for event in SessionRunner(plan, engine, recognizer, tape, cancelled=cancelled).run():
        if isinstance(event, SessionFailed):
            raise event.error
        if isinstance(event, SessionFinished) and event.shortened:
            raise CancelledError
    if tape.record is None:
        raise RuntimeError("the session ended without a record")
    targets, measured = _places(tape.record)
    joins = [step.start_s for step in tape.record.steps[1:]]
    jumps = short_term_jumps(tape.sound, engine.sample_rate, joins)
    walk = Walk(
        start=journey.start,
        target=journey.target,
        seed=journey.seed,
        advance=advance(plan, tape.record),
        miss=float(np.hypot(*(targets - measured).T).mean()),
        join_jump_lu=float(np.median(jumps)) if len(jumps) else math.nan,
        clicks=steps_beyond(tape.sound, engine.sample_rate, joins) / len(joins),
    )
    return walk, tape.sound


class _Tape:
    """A recording in memory: the sound in one piece, which a quarter of an hour fills with 317 MB at the most."""

    audio_name = "session"
    record: SessionRecord | None = None

    def begin(self, beginning: Beginning) -> None:
        engine, plan = beginning.engine, beginning.plan
        self._room = np.empty((math.ceil(plan.seconds * engine.sample_rate), engine.channels), np.float32)
        self._length = 0

    @property
    def sound(self) -> Frames:
        return self._room[: self._length]

    def write(self, frames: Frames) -> None:
        self._room[self._length : self._length + len(frames)] = frames
        self._length += len(frames)

    def store_step(self, step: StepRecord, end: int) -> None:
        """Nothing to do: the record holds all steps."""

    def store_change(self, change: Change) -> None:
        """Nothing to do: nobody changes this session."""

    def finish(self, record: SessionRecord, score: Score | None) -> None:  # noqa: ARG002 (a recording is given it)
        self.record = record

    def discard(self) -> None:
        """Nothing to do: memory goes by itself."""


def advance(plan: Plan, record: SessionRecord) -> float:
    """Spearman's correlation of the planned progress with that of the measured points along the path; 0 where what was
    measured stays in one place."""
    from scipy.stats import spearmanr

    path = np.array([[corner.valence, corner.arousal] for corner in plan.path])
    progress = [progress_along(path, point) for point in _places(record)[1]]
    if len({*progress}) < 2:
        return 0.0
    return float(spearmanr([step.progress for step in record.steps], progress).statistic)


def _places(record: SessionRecord) -> tuple[Points, Points]:
    """The targets of the steps, and what was measured of them, [steps, 2]."""
    targets = np.array([[step.target.valence, step.target.arousal] for step in record.steps])
    return targets, np.array([[step.measured.valence, step.measured.arousal] for step in record.steps])


def progress_along(path: Points, point: Points) -> float:
    """The share of the path's length, 0 to 1, at the path's point that is nearest to `point`."""
    legs = np.diff(path, axis=0)
    lengths = np.hypot(*legs.T)
    begins = np.concatenate([[0.0], np.cumsum(lengths)])
    options = []
    for corner, leg, length, begin in zip(path, legs, lengths, begins, strict=False):
        share = float(np.clip((point - corner) @ leg / max(length, 1e-9) ** 2, 0.0, 1.0))
        options.append((float(np.hypot(*(corner + share * leg - point))), (begin + share * length) / begins[-1]))
    return float(min(options)[1])
