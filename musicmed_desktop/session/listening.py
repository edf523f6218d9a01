"""A session that is heard while it is made: it can be planned anew in the middle, and stopped."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence

import numpy as np

from musicmed_desktop.engines.base import Engine
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan import Plan, build_plan
from musicmed_desktop.recognition.base import Recognizer
from musicmed_desktop.session.events import (
    AllMade,
    ChunkReady,
    EngineMoved,
    Event,
    Replanned,
    SessionFailed,
    SessionFinished,
    StepMeasured,
    StepStored,
)
from musicmed_desktop.session.heard import Heard
from musicmed_desktop.session.leg import Leg, leg_seed
from musicmed_desktop.session.moves import Moves
from musicmed_desktop.session.record import Change, SessionRecord, session_record
from musicmed_desktop.session.recording import Beginning, Recording
from musicmed_desktop.session.splice import ARRIVING_LEAST_S
from musicmed_desktop.session.tape import Tape
from musicmed_desktop.session.wishes import ChangeWish, StopWish, Wishes

AHEAD_S = 90.0  # made before it is heard: 32 MB
HURRY_S = 20.0  # with less than this ahead, no step is tried again and again
POLL_S = 0.05  # between looks at how far the listener is


class Listening:
    """Runs one session, once, at the pace at which it is heard.

    `committed_s` tells up to where of the session nothing can be changed any more, since it sounds or is on its way
    to the sound card; it is asked on the thread that iterates. `wishes` may be written on any thread. At most
    `ahead_s` and one chunk more is made beyond what is committed; with less than `hurry_s` of it, steps are tried
    once, else up to `tries` times (None: as often as the engine can afford). The recording holds what was heard.
    """

    def __init__(
        self,
        plan: Plan,
        engine: Engine,
        recognizer: Recognizer,
        recording: Recording,
        *,
        committed_s: Callable[[], float],
        wishes: Wishes,
        tries: int | None = None,
        ahead_s: float = AHEAD_S,
        hurry_s: float = HURRY_S,
    ) -> None:
        self._plan = plan
        self._engine = engine
        self._recognizer = recognizer
        self._recording = recording
        self._wishes = wishes
        self._tries = tries
        self._ahead_s = ahead_s
        self._hurry_s = hurry_s
        self._tape = Tape(recording, Beginning(plan, engine, recognizer))
        self._heard = Heard(self._tape, recognizer, committed_s, engine.sample_rate, engine.channels)
        self._legs: list[Leg] = []
        self._leg: Leg | None = None  # from which more is to come
        self._moves = Moves(engine)  # of the whole session: a leg knows its own alone
        self._changes: list[Change] = []
        self._failure: UserError | None = None
        self._stopped = False

    def run(self) -> Generator[Event, None, None]:
        """The session's events; the last one is SessionFinished or SessionFailed, when all has been heard.

        Chunks have to reach the player as soon as they come, within MARGIN_S. Raises what only a programmer can mend.
        Then, and when the iterator is closed early, nothing is kept.
        """
        try:
            try:
                yield from self._hear()
                end = self._keep()
            except UserError as error:  # of the recording: what was made may go on, but cannot be kept
                yield from self._heard.break_off()
                end = SessionFailed(error, None)
            self._close(self._legs)
            yield end
        finally:
            self._close(self._legs)
            self._recording.discard()

    def _hear(self) -> Iterator[Event]:
        self._leg = self._begun(self._plan)
        while not self._stopped and (self._leg or not self._heard.over() or self._wishes.waiting()):
            wish = self._wishes.take()
            if isinstance(wish, StopWish):
                self._heard.stop(wish.fade)
                self._stopped = True
            elif isinstance(wish, ChangeWish):
                yield from self._change(wish)
            elif self._leg and self._heard.ahead_s() < self._ahead_s:
                yield from self._pull(self._leg)
            else:
                self._wishes.wait(POLL_S)
            yield from self._heard.write()
            yield from self._moves.look()
        self._close(self._legs)
        yield from self._heard.close()

    def _begun(self, plan: Plan) -> Leg:
        made_by = self._engine, self._recognizer, self._tries
        leg = Leg(plan, *made_by, self._wishes.waiting, lambda: self._heard.ahead_s() < self._hurry_s)
        self._legs.append(leg)
        return leg

    def _pull(self, leg: Leg) -> Iterator[Event]:
        """The next event of a leg. A wish may have made the leg end, so that what it tells then is not used."""
        event = leg.placed(next(leg.events))
        if self._wishes.waiting() and not isinstance(event, StepMeasured):
            return
        if isinstance(event, ChunkReady):
            yield self._heard.add(event.frames)
        elif isinstance(event, SessionFailed):
            yield from self._fail(event)
        elif isinstance(event, SessionFinished):
            self._leg = None
            yield AllMade()
        elif not isinstance(event, StepStored | EngineMoved):
            yield event
            self._heard.note(event, leg.plan.seed)

    def _change(self, wish: ChangeWish) -> Iterator[Event]:
        """Make the start of a new leg while the old sound goes on, and let it take over as soon as it can."""
        self._leg = None
        for leg in self._legs:
            leg.retire()
        plan = build_plan(wish.prescription, leg_seed(self._plan.seed, len(self._changes) + 1))
        leg = self._begun(plan)
        opening = leg.opening(round(ARRIVING_LEAST_S * self._engine.sample_rate))
        at = self._heard.next_place()
        leg.start_s = at / self._engine.sample_rate
        overtaken = self._wishes.waiting()
        self._changes.append(leg.change(wish, was_heard=not (overtaken or opening.failure)))
        if opening.failure:
            yield from self._fail(opening.failure)
        elif not overtaken:
            self._leg, self._failure = leg, None
            chunk = self._heard.turn(at, np.concatenate(opening.sound))
            told = [leg.placed(event) for event in opening.told if not isinstance(event, EngineMoved)]
            yield from (Replanned(plan, leg.start_s, wish.reason, wish.felt), *told, chunk)
            for event in told:  # afterwards, since what was heard of a step may have to be measured now
                self._heard.note(event, plan.seed)
        self._recording.store_change(self._changes[-1])
        self._close([leg for leg in self._legs if leg is not self._leg])

    def _fail(self, event: SessionFailed) -> Iterator[Event]:
        self._leg, self._failure = None, event.error
        if event.record is None:  # nothing was finished, nor faded out
            yield from self._heard.break_off()
        yield AllMade()

    def _keep(self) -> SessionFinished | SessionFailed:
        """All was written: finish the recording, where there is a step to tell of."""
        record: SessionRecord | None = None
        shortened = self._stopped or self._failure is not None
        if self._tape.steps:
            made = self._plan, self._moves.tool, self._recognizer
            record = session_record(*made, self._tape.audio(), self._tape.steps, shortened, self._changes)
            whole = not self._changes and not self._stopped
            self._recording.finish(record, self._legs[0].score if whole else None)
        return SessionFailed(self._failure, record) if self._failure else SessionFinished(record, shortened)

    def _close(self, legs: Sequence[Leg]) -> None:
        for leg in legs:
            leg.close()
