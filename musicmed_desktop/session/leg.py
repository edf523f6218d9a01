"""One plan of a session whose plan may change: made by a runner of its own, from its place in the session on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from musicmed_desktop.engines.base import Engine, Frames
from musicmed_desktop.engines.score import Score
from musicmed_desktop.plan import Plan
from musicmed_desktop.recognition.base import Recognizer
from musicmed_desktop.session.events import ChunkReady, Event, SessionFailed, StepStarted
from musicmed_desktop.session.record import Change, Coordinates, SessionRecord, StepRecord
from musicmed_desktop.session.recording import Beginning
from musicmed_desktop.session.runner import SessionRunner
from musicmed_desktop.session.takes import Hurried
from musicmed_desktop.session.wishes import ChangeWish


class Leg:
    """The events of one plan. `start_s` is where in the session it begins.

    `overtaken` is asked from several threads; once it is true, or the leg is retired, no more sound is made.
    """

    def __init__(
        self,
        plan: Plan,
        engine: Engine,
        recognizer: Recognizer,
        tries: int | None,
        overtaken: Callable[[], bool],
        hurried: Hurried,
    ) -> None:
        self.plan = plan
        self.start_s = 0.0
        self._retired = threading.Event()
        self._recording = _Unkept()
        self.events = SessionRunner(
            plan,
            engine,
            recognizer,
            self._recording,
            tries=tries,
            cancelled=lambda: self._retired.is_set() or overtaken(),
            hurried=hurried,
        ).run()

    @property
    def score(self) -> Score | None:
        """The score of the whole plan, once its last event has come."""
        return self._recording.score

    def opening(self, count: int) -> Opening:
        """What comes up to the first `count` frames of sound, less of a leg that ended before."""
        told: list[Event] = []
        sound: list[Frames] = []
        for event in self.events:
            if isinstance(event, ChunkReady):
                sound.append(event.frames)
            else:
                told.append(event)
            if sum(map(len, sound)) >= count:
                break
        return Opening(told, sound)

    def placed(self, event: Event) -> Event:
        """The event as it is told to who follows the session."""
        return replace(event, start_s=self.start_s + event.start_s) if isinstance(event, StepStarted) else event

    def change(self, wish: ChangeWish, was_heard: bool) -> Change:
        """What is written down of the wish that led to this leg."""
        return Change(
            at_s=self.start_s,
            reason=wish.reason,
            felt=Coordinates.of(wish.felt),
            prescription=wish.prescription,
            path=tuple(map(Coordinates.of, self.plan.path)) if was_heard else (),
            seed=self.plan.seed,
        )

    def retire(self) -> None:
        """Ask the threads to end; what they are at is given up."""
        self._retired.set()

    def close(self) -> None:
        """End the threads."""
        self.retire()
        self.events.close()


@dataclass(frozen=True, eq=False)
class Opening:
    """The start of a leg: its sound, and its other events."""

    told: Sequence[Event]
    sound: Sequence[Frames]

    @property
    def failure(self) -> SessionFailed | None:
        last = self.told[-1]
        return last if isinstance(last, SessionFailed) else None


class _Unkept:
    """The recording of a leg: what was made may not be what is heard, so that it keeps the score alone."""

    audio_name = ""

    def __init__(self) -> None:
        self.score: Score | None = None

    def begin(self, beginning: Beginning) -> None: ...

    def write(self, frames: Frames) -> None: ...

    def store_step(self, step: StepRecord, end: int) -> None: ...

    def store_change(self, change: Change) -> None: ...

    def finish(self, record: SessionRecord, score: Score | None) -> None:  # noqa: ARG002
        self.score = score

    def discard(self) -> None: ...


def leg_seed(session_seed: int, number: int) -> int:
    """The seed of the plan after so many changes: 48 bits, so that every JSON reader can hold it."""
    return int.from_bytes(blake2b(f"{session_seed} change {number}".encode(), digest_size=6).digest(), "big")
