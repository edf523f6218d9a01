from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicmed_desktop.affect import Affect
from musicmed_desktop.audio.loudness import loudness
from musicmed_desktop.audio.truepeak import true_peak_dbtp
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan import Plan
from musicmed_desktop.plan.detour import calm_now, from_here
from musicmed_desktop.session import listening
from musicmed_desktop.session.events import (
    ChunkReady,
    Event,
    Replanned,
    SessionFailed,
    SessionFinished,
    StepMeasured,
    StepStarted,
    StepStored,
)
from musicmed_desktop.session.leg import leg_seed
from musicmed_desktop.session.listening import MARGIN_S, Listening
from musicmed_desktop.session.record import Coordinates, SessionRecord
from musicmed_desktop.session.runner import SessionRunner
from musicmed_desktop.session.wishes import Wishes
from tests.fakes.engines import RATE, ToneEngine, ToneRecognizer
from tests.fakes.listeners import RING_S, Listener
from tests.fakes.recordings import MemoryRecording, walk

PLAN = walk()
FELT = Affect(-0.2, 0.4)
Act = Callable[["Session"], None]


class Session:
    """A listener who moves on by `pace_s` at each look, and acts at moments of the session."""

    def __init__(
        self,
        *acts: tuple[float, Act],
        plan: Plan = PLAN,
        engine: ToneEngine | None = None,
        room: int | None = None,
        pace_s: float = 2.0,
        **options: Any,
    ) -> None:
        self.plan = plan
        self.engine = engine or ToneEngine()
        self.recording = MemoryRecording(room)
        self.recognizer = ToneRecognizer()
        self.wishes = Wishes()
        self.paused = 0  # looks
        self.listener = Listener(self._passed)
        self.events: list[Event] = []
        self._pace_s = pace_s
        self._acts = sorted(acts, key=lambda act: act[0])
        self._listening = Listening(
            plan,
            self.engine,
            self.recognizer,
            self.recording,
            committed_s=self.listener.committed_s,
            wishes=self.wishes,
            **{"tries": 2, **options},
        )

    def _passed(self) -> float:
        while self._acts and self.listener.position_s >= self._acts[0][0]:
            self._acts.pop(0)[1](self)
        self.paused -= 1
        till_act = self._acts[0][0] - self.listener.position_s if self._acts else self._pace_s
        return 0.0 if self.paused >= 0 else min(self._pace_s, till_act)

    def run(self) -> Generator[Event, None, None]:
        for event in self._listening.run():
            self.events.append(event)
            if isinstance(event, ChunkReady):
                self.listener.take(event)
            yield event

    def finished(self) -> SessionRecord:
        for _ in self.run():
            pass
        assert isinstance(self.events[-1], SessionFinished)
        record = self.events[-1].record
        assert record is not None
        assert record == self.recording.record
        return record

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


def worse(session: Session) -> None:
    felt = Affect(-0.7, 0.7)
    session.wishes.change("worse", felt, calm_now(session.plan.prescription, session.listener.position_s))


def moved(session: Session) -> None:
    session.wishes.change("moved", FELT, from_here(session.plan.prescription, FELT, session.listener.position_s))


def stop(session: Session) -> None:
    session.wishes.stop(session.listener.fade())


def paused(session: Session) -> None:
    session.paused = 30


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "POLL_S", 0.001)


def assert_kept_as_heard(session: Session, record: SessionRecord) -> None:
    """The recording holds what sounded, and the record tells the truth about it."""
    sound = session.recording.samples
    assert np.array_equal(sound, session.listener.heard)
    assert record.audio.duration_s == pytest.approx(len(sound) / RATE, abs=1e-4)
    assert record.audio.loudness_lufs == pytest.approx(loudness(sound, RATE), abs=0.01)
    assert record.audio.true_peak_dbtp == pytest.approx(max(-120, true_peak_dbtp(sound)), abs=0.01)
    assert record.audio.true_peak_dbtp <= -1.0
    assert session.recording.steps == list(record.steps) == [event.record for event in session.of(StepStored)]
    assert [step.index for step in record.steps] == list(range(len(record.steps)))
    end = 0.0
    for step in record.steps:
        assert step.start_s >= end - 2e-4
        end = step.start_s + step.duration_s
        part = sound[round(step.start_s * RATE) : round(end * RATE)]
        if len(part) > RATE:
            assert step.loudness_lufs == pytest.approx(loudness(part, RATE), abs=0.1)
    assert end <= record.audio.duration_s + 2e-4


def longest_silence_s(sound: np.ndarray[Any, np.dtype[np.float32]]) -> float:
    loud = np.flatnonzero(np.abs(sound).max(axis=1) > 1e-3)
    return float(np.diff(loud).max()) / RATE


def test_undisturbed_it_is_the_session_of_the_runner() -> None:
    kept = MemoryRecording()
    *_, _ = SessionRunner(PLAN, ToneEngine(), ToneRecognizer(), kept, tries=2).run()
    session = Session()
    record = session.finished()
    assert record == kept.record
    assert np.array_equal(session.recording.samples, kept.samples)
    assert session.recording.score == kept.score
    assert not record.shortened
    assert_kept_as_heard(session, record)
    assert [type(event) for event in session.of(StepStarted)] == [StepStarted] * 4


def test_it_stays_until_all_was_heard() -> None:
    session = Session()
    for event in session.run():
        if isinstance(event, SessionFinished):
            assert session.listener.committed == 120 * RATE


def test_a_step_is_stored_when_it_was_heard() -> None:
    session = Session()
    for event in session.run():
        if isinstance(event, StepStored):
            assert session.listener.committed >= round((event.record.start_s + event.record.duration_s) * RATE) - 1


@pytest.mark.parametrize("ahead_s", [10.0, 90.0])
def test_no_more_is_made_ahead_than_allowed(ahead_s: float) -> None:
    session = Session(plan=walk(minutes=5.0), ahead_s=ahead_s, pace_s=1.0)
    session.finished()
    longest = max(len(chunk.frames) for chunk in session.of(ChunkReady))
    assert longest <= 10 * RATE
    assert 0.9 * ahead_s * RATE <= session.listener.most_ahead <= ahead_s * RATE + longest


@pytest.mark.parametrize(("wish", "reason"), [(worse, "worse"), (moved, "moved")])
def test_a_wish_turns_the_session(wish: Act, reason: str) -> None:
    session = Session((50.0, wish))
    record = session.finished()
    assert_kept_as_heard(session, record)
    [turn] = session.of(Replanned)
    [change] = record.changes
    asked_at = 50.0 + RING_S + MARGIN_S
    assert asked_at <= turn.start_s <= asked_at + 10
    assert change.at_s == pytest.approx(turn.start_s, abs=1e-4)
    assert (change.reason, change.felt) == (reason, Coordinates.of(turn.felt))
    assert change.prescription == turn.plan.prescription
    assert change.seed == turn.plan.seed == leg_seed(PLAN.seed, 1)
    assert change.path == tuple(map(Coordinates.of, turn.plan.path))
    assert record.prescription == PLAN.prescription
    assert record.audio.duration_s == pytest.approx(turn.start_s + turn.plan.seconds, abs=1e-3)
    assert not record.shortened
    assert session.recording.score is None
    after = [step for step in record.steps if step.start_s >= change.at_s - 1e-3]
    assert [step.target for step in after] == [Coordinates.of(step.target) for step in turn.plan.steps]
    cut = record.steps[len(record.steps) - len(after) - 1]
    assert cut.start_s + cut.duration_s == pytest.approx(change.at_s, abs=2e-4)
    assert longest_silence_s(session.recording.samples) < 0.2


def test_after_a_turn_the_events_tell_of_the_new_plan_at_once() -> None:
    session = Session((50.0, worse))
    session.finished()
    at = session.events.index(session.of(Replanned)[0])
    turn, started, chunk, *_ = session.events[at:]
    assert isinstance(turn, Replanned)
    assert started == StepStarted(turn.plan.steps[0], turn.start_s)
    assert isinstance(chunk, ChunkReady)
    assert chunk.start_s == turn.start_s
    later = [event for event in session.events[at:] if isinstance(event, StepStarted | StepMeasured)]
    assert {event.step for event in later} == set(turn.plan.steps)
    starts = [event.start_s - turn.start_s for event in later if isinstance(event, StepStarted)]
    assert starts == pytest.approx([step.start_s for step in turn.plan.steps], abs=4)


def test_the_old_sound_leaves_while_the_new_one_arrives() -> None:
    untouched, turned = Session(), Session((50.0, worse))
    untouched.finished()
    at = round(turned.finished().changes[0].at_s * RATE)
    old, new = untouched.recording.samples, turned.recording.samples
    assert np.array_equal(new[:at], old[:at])
    parts = [slice(begin, begin + 800) for begin in range(at, at + 2 * RATE, 800)]
    shares = [float(np.vdot(old[part], new[part]) / np.vdot(old[part], old[part])) for part in parts]
    assert shares[0] > 0.9
    assert abs(shares[-1]) < 0.35
    powers = [float(np.square(new[begin : begin + RATE]).mean()) for begin in range(at - RATE, at + 3 * RATE, RATE)]
    assert max(powers) < 4 * min(powers)


def test_the_same_wishes_at_the_same_times_give_the_same_music() -> None:
    one, two = Session((50.0, worse)), Session((50.0, worse), engine=ToneEngine(delay=lambda seed: seed % 5 / 2000))
    assert one.finished().changes == two.finished().changes
    assert np.array_equal(one.recording.samples, two.recording.samples)


def test_a_wish_in_a_pause_is_there_when_it_goes_on() -> None:
    session = Session((40.0, paused), (40.0, worse))
    record = session.finished()
    assert_kept_as_heard(session, record)
    assert record.changes[0].at_s == pytest.approx(40 + RING_S + MARGIN_S, abs=2.1)


def test_each_wish_of_several_is_written_down() -> None:
    session = Session((50.0, worse), (50.0, moved), (90.0, moved))
    record = session.finished()
    assert_kept_as_heard(session, record)
    assert [change.reason for change in record.changes] == ["worse", "moved", "moved"]
    assert [turn.reason for turn in session.of(Replanned)] == ["moved", "moved"]  # the first was overtaken
    assert [change.seed for change in record.changes] == [leg_seed(PLAN.seed, n) for n in (1, 2, 3)]


def test_feeling_worse_and_stopping_is_written_down() -> None:
    session = Session((50.0, worse), (50.0, stop))
    record = session.finished()
    assert_kept_as_heard(session, record)
    assert record.shortened
    assert [change.reason for change in record.changes] == ["worse"]
    assert session.of(Replanned) == []
    assert len(record.steps) == 2


def test_a_wish_as_the_last_sound_fades_adds_music() -> None:
    session = Session((119.1, worse))
    record = session.finished()
    assert_kept_as_heard(session, record)
    assert record.changes[0].at_s == 120.0
    assert record.audio.duration_s == pytest.approx(300.0, abs=1e-3)


def test_a_wish_before_the_first_sound_begins_with_the_new_plan() -> None:
    session = Session()
    worse(session)
    record = session.finished()
    assert_kept_as_heard(session, record)
    assert record.changes[0].at_s == 0.0
    assert record.audio.duration_s == 180.0


def slow(seconds: float = 0.02) -> ToneEngine:
    return ToneEngine(chunk_s=2.0, delay=lambda _: seconds)


def test_a_step_cut_before_it_was_measured_is_measured_as_far_as_it_was_heard() -> None:
    session = Session((14.0, worse), engine=slow())
    record = session.finished()
    assert_kept_as_heard(session, record)
    assert record.steps[0].start_s == 0
    assert record.steps[0].duration_s == pytest.approx(record.changes[0].at_s, abs=1e-3)
    assert record.steps[0].target == Coordinates.of(PLAN.steps[0].target)
    assert record.steps[0].duration_s in [pytest.approx(each, abs=1e-3) for each in session.recognizer.seconds]


def test_too_little_of_a_step_is_no_step() -> None:
    session = Session((4.0, worse), engine=slow())
    record = session.finished()
    assert_kept_as_heard(session, record)
    assert 4 < record.changes[0].at_s < 10
    assert record.steps[0].start_s == pytest.approx(record.changes[0].at_s, abs=1e-3)


@pytest.mark.parametrize("at_s", [30.0, 61.0, 119.0])
def test_stopped_the_recording_fades_as_the_player_did(at_s: float) -> None:
    session = Session((at_s, stop))
    record = session.finished()
    assert_kept_as_heard(session, record)
    assert record.shortened
    assert record.audio.duration_s == pytest.approx(session.listener.position_s, abs=10)
    assert np.abs(session.recording.samples[-80:]).max() < 1e-3
    assert session.recording.score is None


def test_stopped_without_a_moment_it_ends_at_what_is_committed() -> None:
    session = Session((50.0, lambda session: session.wishes.stop()))
    record = session.finished()
    assert record.audio.duration_s == pytest.approx(session.listener.committed / RATE, abs=2.1)
    assert np.abs(session.recording.samples[-80:]).max() < 1e-3


@pytest.mark.parametrize(("at_s", "steps"), [(0.0, 0), (5.0, 0), (14.0, 1)])
def test_stopped_before_a_step_is_measured(at_s: float, steps: int) -> None:
    session = Session((at_s, stop), engine=slow())
    *_, last = session.run()
    assert isinstance(last, SessionFinished)
    assert last.shortened
    assert session.recording.discarded == (steps == 0)
    assert (last.record is not None) == (steps == 1)
    if last.record:
        assert_kept_as_heard(session, last.record)
        assert len(last.record.steps) == 1


def test_a_stop_is_answered_by_an_engine_that_hangs() -> None:
    session = Session(engine=ToneEngine(hangs=2))
    threading.Timer(0.5, session.wishes.stop).start()
    began = time.monotonic()
    session.finished()
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("step", [0, 1, 3])
def test_what_was_made_before_a_failure_is_heard(step: int) -> None:
    error = UserError("The model file is damaged.")
    session = Session(engine=ToneEngine(fails={step: error}), pace_s=0.5 if step else 0.1)
    *_, last = session.run()
    assert isinstance(last, SessionFailed)
    assert last.error is error
    assert session.listener.committed == round(session.listener.given_s * RATE)
    assert np.abs(session.listener.heard[-80:]).max() < 1e-3
    if step:
        assert last.record is not None
        assert last.record.shortened
        assert len(last.record.steps) == step
        assert_kept_as_heard(session, last.record)
    else:
        assert last.record is None
        assert session.recording.discarded


def test_a_new_plan_that_fails_lets_the_old_sound_fade() -> None:
    error = UserError("The model file is damaged.")
    fails: dict[int, Exception] = {99: error}
    session = Session((50.0, lambda _: fails.update({0: error})), (50.0, worse), engine=ToneEngine(fails=fails))
    *_, last = session.run()
    assert isinstance(last, SessionFailed)
    assert last.record is not None
    assert_kept_as_heard(session, last.record)
    assert [change.reason for change in last.record.changes] == ["worse"]
    assert last.record.audio.duration_s > 55


@pytest.mark.parametrize("room_s", [0, 20, 70, 119])
def test_a_recording_that_fails_ends_the_session(room_s: int) -> None:
    session = Session(room=room_s * RATE)
    *_, last = session.run()
    assert isinstance(last, SessionFailed)
    assert last.error.title == "The disk is full."
    assert last.record is None
    assert session.recording.discarded


def test_a_bug_surfaces_and_nothing_is_kept() -> None:
    session = Session((50.0, worse), engine=ToneEngine(fails={3: ZeroDivisionError("a bug")}))
    with pytest.raises(ZeroDivisionError, match="a bug"):
        list(session.run())
    assert session.recording.discarded


@pytest.mark.parametrize("events_taken", [1, 2, 5, 30, 60])
def test_closing_the_iterator_keeps_nothing(events_taken: int) -> None:
    session = Session((20.0, worse))
    events = session.run()
    for _ in range(events_taken):
        next(events)
    events.close()
    assert list(events) == []
    assert session.recording.discarded


moments = st.floats(0.0, 130.0).map(lambda at: round(at, 1))
acts = st.lists(st.tuples(moments, st.sampled_from([worse, moved, paused])), max_size=4)


@settings(max_examples=12, deadline=None)
@given(
    acts=acts,
    stopped=st.none() | moments,
    pace_s=st.sampled_from([0.5, 2.0, 7.0]),
    chunk_s=st.sampled_from([1.0, 4.0, 40.0]),
)
def test_whatever_is_asked_for_and_when_the_recording_holds_what_was_heard(
    acts: list[tuple[float, Act]], stopped: float | None, pace_s: float, chunk_s: float
) -> None:
    asked = acts if stopped is None else [*acts, (stopped, stop)]
    session = Session(*asked, plan=walk(minutes=1.5), pace_s=pace_s, engine=ToneEngine(chunk_s=chunk_s))
    *_, last = session.run()
    assert isinstance(last, SessionFinished)
    longest = max((len(chunk.frames) for chunk in session.of(ChunkReady)), default=0)
    assert session.listener.most_ahead <= 90 * RATE + longest
    if last.record is None:
        assert session.recording.discarded
        return
    assert_kept_as_heard(session, last.record)
    if stopped is None and len(session.recording.samples) > RATE:
        assert longest_silence_s(session.recording.samples[: -4 * RATE]) < 0.2


def test_wishes_come_from_another_thread() -> None:
    """Against a clock twenty times as fast as real time, with all that threads do."""
    session = Session(plan=walk(minutes=1.0))
    began = time.monotonic()
    position = 0.0

    def passed() -> float:
        nonlocal position
        before, position = position, 20 * (time.monotonic() - began)
        return position - before

    session.listener = listener = Listener(passed)
    session._listening._committed_s = listener.committed_s
    timers = [threading.Timer(at_s / 20, act, [session]) for at_s, act in ((15.0, worse), (32.0, moved), (70.0, stop))]
    for timer in timers:
        timer.start()
    record = session.finished()
    assert_kept_as_heard(session, record)
    assert [change.reason for change in record.changes] == ["worse", "moved"]
    assert record.shortened
