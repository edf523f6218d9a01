"""A recording in memory, and short plans to fill it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from musicmed_desktop.affect import mood
from musicmed_desktop.engines.base import Frames
from musicmed_desktop.engines.score import Score
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan import Plan, Prescription, build_plan
from musicmed_desktop.session.record import Change, SessionRecord, StepRecord
from musicmed_desktop.session.recording import Beginning


class MemoryRecording:
    """Keeps everything in lists; its room is `room` frames, where that is given. `sound`: sample rate, channels."""

    audio_name = "session.memory"

    def __init__(self, room: int | None = None, sound: tuple[int, int] = (8000, 2)) -> None:
        self.frames: list[Frames] = []
        self.steps: list[StepRecord] = []
        self.changes: list[Change] = []
        self.record: SessionRecord | None = None
        self.score: Score | None = None
        self.discarded = False
        self._room = room
        self._sound = sound

    @property
    def samples(self) -> Frames:
        return np.concatenate(self.frames)

    def begin(self, beginning: Beginning) -> None:
        assert (beginning.engine.sample_rate, beginning.engine.channels) == self._sound
        assert not self.frames

    def write(self, frames: Frames) -> None:
        self.frames.append(frames)
        self._check_room()

    def store_step(self, step: StepRecord, end: int) -> None:
        assert 0 < end <= len(self.samples)
        self.steps.append(step)

    def store_change(self, change: Change) -> None:
        self.changes.append(change)

    def finish(self, record: SessionRecord, score: Score | None) -> None:
        self._check_room()
        self.record, self.score = record, score

    def discard(self) -> None:
        self.discarded = self.record is None

    def _check_room(self) -> None:
        if self._room is not None and len(self.samples) > self._room:
            raise UserError("The disk is full.", "Free some space.")


def walk(start: str = "anxious", target: str = "calm", minutes: float = 2.0, seed: int = 7) -> Plan:
    """A plan from mood to mood, of two steps a minute."""
    return build_plan(Prescription(start=mood(start).affect, target=mood(target).affect, minutes=minutes), seed)


def short_walk(step_s: float = 8.0) -> Plan:
    """Two steps that are shorter than any planner makes them, for engines that take their time."""
    plan = walk(minutes=1.0)
    steps = tuple(replace(step, start_s=step_s * step.index, duration_s=step_s) for step in plan.steps)
    return replace(plan, steps=steps)
