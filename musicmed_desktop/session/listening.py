"""A session that is heard while it is made: it can be planned anew in the middle, and stopped."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence

import numpy as np

from musicmed_desktop.audio.master import FADE_OUT_S as BROKEN_OFF_FADE_S
from musicmed_desktop.engines.base import Engine
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan import Plan, build_plan
from musicmed_desktop.recognition.base import Recognizer
from musicmed_desktop.session.events import (
    ChunkReady,
    Event,
    Replanned,
    SessionFailed,
    SessionFinished,
    StepMeasured,
    StepStored,
)
from musicmed_desktop.session.heard import Heard
from musicmed_desktop.session.leg import Leg, leg_seed
from musicmed_desktop.session.record import Change, Coordinates, SessionRecord, session_record
from musicmed_desktop.session.recording import Recording
from musicmed_desktop.session.runner import TRIES
from musicmed_desktop.session.splice import ARRIVING_LEAST_S, CROSSFADE_S, spliced
from musicmed_desktop.session.tape import Tape
from musicmed_desktop.session.wishes import ChangeWish, StopWish, Wishes

AHEAD_S = 90.0  # made before it is heard: 32 MB
FADE_OUT_S = 0.8  # of a session that is stopped, in the player as in the recording
MARGIN_S = 0.3  # from what can no longer be changed to a change: time for a chunk to reach the player
REACH_BACK_S = 4.0  # kept from the recording: a stop fades what the sound card already has
WRITTEN_AT_ONCE_S = 1.0
POLL_S = 0.05  # between looks at how far the listener is
ENDED_S = 0.01  # players that resample may miss the end by a frame


class Listening:
    """Runs one session, once, at the pace at which it is heard.

    `committed_s` tells up to where of the session nothing can be changed any more, since it sounds or is on its way
    to the sound card; it is asked on the thread that iterates. `wishes` may be written on any thread. At most
    `ahead_s` and one chunk more is made beyond what is committed. The recording holds what was heard.
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
        tries: int = TRIES,
        ahead_s: float = AHEAD_S,
    ) -> None:
        self._plan = plan
        self._engine = engine
        self._recognizer = recognizer
        self._recording = recording
        self._committed_s = committed_s
        self._wishes = wishes
        self._tries = tries
        self._tape = Tape(recording, engine.sample_rate, engine.channels)
        self._heard = Heard(self._tape, recognizer, engine.sample_rate, engine.channels)
        self._ahead = self._frames(ahead_s)
        self._committed = 0
        self._legs: list[Leg] = []
        self._leg: Leg | None = None  # from which more is to come
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
                self._leg = self._begun(self._plan)
                while not self._over():
                    yield from self._go_on()
                self._close_legs()
                yield from self._heard.close()
                end = self._keep()
            except UserError as error:  # of the recording: what was made may go on, but cannot be kept
                yield from self._break_off()
                end = SessionFailed(error, None)
            yield end
        finally:
            self._close_legs()
            self._recording.discard()

    def _go_on(self) -> Iterator[Event]:
        committed = self._look()
        wish = self._wishes.take()
        if isinstance(wish, StopWish):
            self._stop(wish)
        elif isinstance(wish, ChangeWish):
            yield from self._change(wish)
        elif self._leg and self._heard.end < committed + self._ahead:
            yield from self._pull(self._leg)
        else:
            self._wishes.wait(POLL_S)
        yield from self._write()

    def _over(self) -> bool:
        """Stopped, or heard to the end."""
        if self._stopped or self._leg:
            return self._stopped
        return self._look() >= self._heard.end - self._frames(ENDED_S) and not self._wishes.waiting()

    def _look(self) -> int:
        """The frame up to which the session can no longer be changed."""
        told = self._frames(self._committed_s())
        self._committed = max(self._committed, min(told, self._heard.end))
        return self._committed

    def _frames(self, seconds: float) -> int:
        return round(seconds * self._engine.sample_rate)

    def _write(self) -> Iterator[StepStored]:
        until = self._committed - self._frames(REACH_BACK_S)
        if until - self._heard.written >= self._frames(WRITTEN_AT_ONCE_S):
            yield from self._heard.write(until)

    def _begun(self, plan: Plan) -> Leg:
        leg = Leg(plan, self._engine, self._recognizer, self._tries, self._wishes.waiting)
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
        elif not isinstance(event, StepStored):
            yield event
            self._heard.note(event, leg.plan.seed)

    def _change(self, wish: ChangeWish) -> Iterator[Event]:
        """Make the start of a new leg while the old sound goes on, and let it take over as soon as it can."""
        self._leg = None
        for leg in self._legs:
            leg.retire()
        plan = build_plan(wish.prescription, leg_seed(self._plan.seed, len(self._changes) + 1))
        leg = self._begun(plan)
        opening = leg.opening(self._frames(ARRIVING_LEAST_S))
        leg.start_s = self._next_s()
        self._changes.append(_change_record(wish, plan, leg.start_s))
        if isinstance(opening[-1], SessionFailed):
            yield from self._fail(opening[-1])
        elif not self._wishes.waiting():  # else it was overtaken
            self._leg, self._failure = leg, None
            yield Replanned(plan, leg.start_s, wish.reason, wish.felt)
            yield from self._take_over(leg, opening)
        for leg in self._legs:
            if leg is not self._leg:
                leg.close()

    def _take_over(self, leg: Leg, opening: Sequence[Event]) -> Iterator[Event]:
        told = [leg.placed(event) for event in opening if not isinstance(event, ChunkReady)]
        at = self._frames(leg.start_s)
        leaving = self._heard.view(at, at + self._frames(CROSSFADE_S))
        arriving = np.concatenate([event.frames for event in opening if isinstance(event, ChunkReady)])
        chunk = self._heard.replace(at, spliced(leaving, arriving, self._engine.sample_rate))
        yield from told
        yield chunk
        for event in told:  # afterwards, since a step that is cut may be measured now
            self._heard.note(event, leg.plan.seed)

    def _stop(self, wish: StopWish) -> None:
        wanted = self._committed if wish.at_s is None else self._frames(wish.at_s)
        end = min(max(wanted, self._heard.written), self._heard.end)
        self._heard.fade(max(self._heard.written, end - self._frames(FADE_OUT_S)), end)
        self._stopped = True

    def _fail(self, event: SessionFailed) -> Iterator[Event]:
        self._leg, self._failure = None, event.error
        if event.record is None:  # nothing was finished, nor faded out
            yield from self._break_off()

    def _break_off(self) -> Iterator[ChunkReady]:
        """No more sound will come: what can still be changed of it fades out."""
        end = self._heard.end
        begin = max(self._frames(self._next_s()), end - self._frames(BROKEN_OFF_FADE_S))
        if begin < end:
            yield self._heard.fade(begin, end)

    def _next_s(self) -> float:
        """Where a change can take effect now."""
        return min(self._look() + self._frames(MARGIN_S), self._heard.end) / self._engine.sample_rate

    def _keep(self) -> SessionFinished | SessionFailed:
        """All was written: finish the recording, where there is a step to tell of."""
        record: SessionRecord | None = None
        shortened = self._stopped or self._failure is not None
        if self._tape.steps:
            made = self._plan, self._engine, self._recognizer
            record = session_record(*made, self._tape.audio(), self._tape.steps, shortened, self._changes)
            whole = not self._changes and not self._stopped
            self._recording.finish(record, self._legs[0].score if whole else None)
        return SessionFailed(self._failure, record) if self._failure else SessionFinished(record, shortened)

    def _close_legs(self) -> None:
        for leg in self._legs:
            leg.close()


def _change_record(wish: ChangeWish, plan: Plan, at_s: float) -> Change:
    return Change(
        at_s=at_s,
        reason=wish.reason,
        felt=Coordinates.of(wish.felt),
        prescription=plan.prescription,
        path=tuple(map(Coordinates.of, plan.path)),
        seed=plan.seed,
    )
