from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicmed_desktop.audio.loudness import loudness
from musicmed_desktop.audio.truepeak import true_peak_dbtp
from musicmed_desktop.engines.builtin.engine import BuiltinEngine
from musicmed_desktop.engines.builtin.soundfonts import bundled_soundfont
from musicmed_desktop.errors import UserError
from musicmed_desktop.session import listening
from musicmed_desktop.session.events import (
    AllMade,
    ChunkReady,
    Replanned,
    SessionFailed,
    SessionFinished,
    StepMeasured,
    StepStarted,
    StepStored,
)
from musicmed_desktop.session.heard import MARGIN_S
from musicmed_desktop.session.leg import leg_seed
from musicmed_desktop.session.record import Coordinates, SessionRecord
from musicmed_desktop.session.runner import SessionRunner
from tests.fakes.engines import RATE, ToneEngine, ToneRecognizer
from tests.fakes.listeners import RING_S, Act, HeardSession, moved, paused, stop, worse
from tests.fakes.recordings import MemoryRecording, walk

PLAN = walk(minutes=1.0)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "POLL_S", 0.001)


def assert_kept_as_heard(session: HeardSession, record: SessionRecord) -> None:
    """The recording holds what sounded, and the record tells the truth about it."""
    sound = session.recording.samples
    assert np.array_equal(sound, session.listener.heard)
    assert record.audio.duration_s == pytest.approx(len(sound) / session.rate, abs=1e-4)
    assert record.audio.loudness_lufs == pytest.approx(loudness(sound, session.rate), abs=0.01)
    assert record.audio.true_peak_dbtp == pytest.approx(max(-120, true_peak_dbtp(sound)), abs=0.01)
    assert record.audio.true_peak_dbtp <= -1.0
    assert session.recording.steps == list(record.steps) == [event.record for event in session.of(StepStored)]
    assert [step.index for step in record.steps] == list(range(len(record.steps)))
    end = 0.0
    for step in record.steps:
        assert step.start_s >= end - 2e-4
        end = step.start_s + step.duration_s
        part = sound[round(step.start_s * session.rate) : round(end * session.rate)]
        if len(part) > session.rate:
            assert step.loudness_lufs == pytest.approx(loudness(part, session.rate), abs=0.1)
    assert end <= record.audio.duration_s + 2e-4


def longest_silence_s(session: HeardSession) -> float:
    """Before the last fade-out."""
    sound = session.recording.samples[: -4 * session.rate]
    loud = np.flatnonzero(np.abs(sound).max(axis=1) > 1e-3)
    return float(np.diff(loud).max()) / session.rate


def test_undisturbed_it_is_the_session_of_the_runner() -> None:
    kept = MemoryRecording()
    *_, _ = SessionRunner(PLAN, ToneEngine(), ToneRecognizer(), kept, tries=2).run()
    session = HeardSession()
    record = session.finished()
    assert record == kept.record
    assert np.array_equal(session.recording.samples, kept.samples)
    assert session.recording.score == kept.score
    assert not record.shortened
    assert_kept_as_heard(session, record)
    assert [type(event) for event in session.of(StepStarted)] == [StepStarted] * 2


def test_it_stays_until_all_was_heard() -> None:
    session = HeardSession()
    for event in session.run():
        if isinstance(event, SessionFinished):
            assert session.listener.committed == 60 * RATE


def test_it_tells_when_all_is_made() -> None:
    """Well before the end is heard, so that the player knows that no more comes."""
    session = HeardSession()
    for event in session.run():
        if isinstance(event, AllMade):
            assert session.listener.committed < 60 * RATE
    assert len(session.of(AllMade)) == 1
    kinds = [type(event) for event in HeardSession((40.0, worse)).run()]
    assert AllMade in kinds[kinds.index(Replanned) :]


def test_a_step_is_stored_when_it_was_heard() -> None:
    session = HeardSession()
    for event in session.run():
        if isinstance(event, StepStored):
            assert session.listener.committed >= round((event.record.start_s + event.record.duration_s) * RATE) - 1


@pytest.mark.parametrize("ahead_s", [10.0, 40.0])
def test_no_more_is_made_ahead_than_allowed(ahead_s: float) -> None:
    session = HeardSession(plan=walk(minutes=2.5), ahead_s=ahead_s, pace_s=1.0)
    session.finished()
    longest = max(len(chunk.frames) for chunk in session.of(ChunkReady))
    assert longest <= 10 * RATE
    assert 0.9 * ahead_s * RATE <= session.listener.most_ahead <= ahead_s * RATE + longest


@pytest.mark.parametrize(("wish", "reason"), [(worse, "worse"), (moved, "moved")])
def test_a_wish_turns_the_session(wish: Act, reason: str) -> None:
    session = HeardSession((40.0, wish))
    record = session.finished()
    assert_kept_as_heard(session, record)
    [turn] = session.of(Replanned)
    [change] = record.changes
    asked_at = 40.0 + RING_S + MARGIN_S
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
    assert longest_silence_s(session) < 0.2


def test_after_a_turn_the_events_tell_of_the_new_plan_at_once() -> None:
    session = HeardSession((40.0, worse))
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
    untouched, turned = HeardSession(), HeardSession((40.0, worse))
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
    one, two = (
        HeardSession((40.0, worse)),
        HeardSession((40.0, worse), engine=ToneEngine(delay=lambda seed: seed % 5 / 2000)),
    )
    assert one.finished().changes == two.finished().changes
    assert np.array_equal(one.recording.samples, two.recording.samples)


def test_a_wish_in_a_pause_is_there_when_it_goes_on() -> None:
    session = HeardSession((40.0, paused), (40.0, worse))
    record = session.finished()
    assert_kept_as_heard(session, record)
    assert record.changes[0].at_s == pytest.approx(40 + RING_S + MARGIN_S, abs=2.1)


def test_each_wish_of_several_is_written_down() -> None:
    session = HeardSession((40.0, worse), (40.0, moved), (70.0, moved))
    record = session.finished()
    assert_kept_as_heard(session, record)
    assert [change.reason for change in record.changes] == ["worse", "moved", "moved"]
    assert [turn.reason for turn in session.of(Replanned)] == ["moved", "moved"]  # the first was overtaken
    assert [change.seed for change in record.changes] == [leg_seed(PLAN.seed, n) for n in (1, 2, 3)]


def test_feeling_worse_and_stopping_is_written_down() -> None:
    session = HeardSession((40.0, worse), (40.0, stop))
    record = session.finished()
    assert_kept_as_heard(session, record)
    assert record.shortened
    assert [change.reason for change in record.changes] == ["worse"]
    assert session.of(Replanned) == []
    assert len(record.steps) == 2


def test_a_wish_as_the_last_sound_fades_adds_music() -> None:
    session = HeardSession((59.1, worse))
    record = session.finished()
    assert_kept_as_heard(session, record)
    assert record.changes[0].at_s == 60.0
    assert record.audio.duration_s == pytest.approx(120.0, abs=1e-3)


def test_a_wish_before_the_first_sound_begins_with_the_new_plan() -> None:
    session = HeardSession()
    worse(session)
    record = session.finished()
    assert_kept_as_heard(session, record)
    assert record.changes[0].at_s == 0.0
    assert record.audio.duration_s == 60.0


def slow(seconds: float = 0.02) -> ToneEngine:
    return ToneEngine(chunk_s=2.0, delay=lambda _: seconds)


def test_a_step_cut_before_it_was_measured_is_measured_as_far_as_it_was_heard() -> None:
    session = HeardSession((14.0, worse), engine=slow())
    record = session.finished()
    assert_kept_as_heard(session, record)
    assert record.steps[0].start_s == 0
    assert record.steps[0].duration_s == pytest.approx(record.changes[0].at_s, abs=1e-3)
    assert record.steps[0].target == Coordinates.of(PLAN.steps[0].target)
    assert record.steps[0].duration_s in [pytest.approx(each, abs=1e-3) for each in session.recognizer.seconds]


def test_too_little_of_a_step_is_no_step() -> None:
    session = HeardSession((4.0, worse), engine=slow())
    record = session.finished()
    assert_kept_as_heard(session, record)
    assert 4 < record.changes[0].at_s < 10
    assert record.steps[0].start_s == pytest.approx(record.changes[0].at_s, abs=1e-3)


@pytest.mark.parametrize("at_s", [15.0, 31.0, 59.0])
def test_stopped_the_recording_fades_as_the_player_did(at_s: float) -> None:
    session = HeardSession((at_s, stop))
    record = session.finished()
    assert_kept_as_heard(session, record)
    assert record.shortened
    assert record.audio.duration_s == pytest.approx(session.listener.position_s, abs=10)
    assert np.abs(session.recording.samples[-8:]).max() < 1e-3
    assert session.recording.score is None


def test_stopped_without_a_moment_it_ends_at_what_is_committed() -> None:
    session = HeardSession((40.0, lambda session: session.wishes.stop()))
    record = session.finished()
    assert record.audio.duration_s == pytest.approx(session.listener.committed / RATE, abs=2.1)
    assert np.abs(session.recording.samples[-8:]).max() < 1e-3


@pytest.mark.parametrize(("at_s", "steps"), [(0.0, 0), (5.0, 0), (14.0, 1)])
def test_stopped_before_a_step_is_measured(at_s: float, steps: int) -> None:
    session = HeardSession((at_s, stop), engine=slow())
    *_, last = session.run()
    assert isinstance(last, SessionFinished)
    assert last.shortened
    assert session.recording.discarded == (steps == 0)
    assert (last.record is not None) == (steps == 1)
    if last.record:
        assert_kept_as_heard(session, last.record)
        assert len(last.record.steps) == 1


def test_a_stop_is_answered_by_an_engine_that_hangs() -> None:
    session = HeardSession(engine=ToneEngine(hangs=2))
    threading.Timer(0.5, session.wishes.stop).start()
    began = time.monotonic()
    session.finished()
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("step", [0, 1])
def test_what_was_made_before_a_failure_is_heard(step: int) -> None:
    error = UserError("The model file is damaged.")
    session = HeardSession(engine=ToneEngine(fails={step: error}), pace_s=0.5 if step else 0.1)
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
    session = HeardSession((40.0, lambda _: fails.update({0: error})), (40.0, worse), engine=ToneEngine(fails=fails))
    *_, last = session.run()
    assert isinstance(last, SessionFailed)
    assert last.record is not None
    assert_kept_as_heard(session, last.record)
    assert [change.reason for change in last.record.changes] == ["worse"]
    assert last.record.audio.duration_s > 45


@pytest.mark.parametrize("room_s", [0, 20, 40, 59])
def test_a_recording_that_fails_ends_the_session(room_s: int) -> None:
    session = HeardSession(room=room_s * RATE)
    *_, last = session.run()
    assert isinstance(last, SessionFailed)
    assert last.error.title == "The disk is full."
    assert last.record is None
    assert session.recording.discarded


def test_a_bug_surfaces_and_nothing_is_kept() -> None:
    session = HeardSession((40.0, worse), engine=ToneEngine(fails={1: ZeroDivisionError("a bug")}))
    with pytest.raises(ZeroDivisionError, match="a bug"):
        list(session.run())
    assert session.recording.discarded


@pytest.mark.parametrize("events_taken", [1, 2, 5, 20, 40])
def test_closing_the_iterator_keeps_nothing(events_taken: int) -> None:
    session = HeardSession((20.0, worse))
    events = session.run()
    for _ in range(events_taken):
        next(events)
    events.close()
    assert list(events) == []
    assert session.recording.discarded


moments = st.floats(0.0, 80.0).map(lambda at: round(at, 1))
acts = st.lists(st.tuples(moments, st.sampled_from([worse, moved, paused])), max_size=4)


@settings(max_examples=8, deadline=None)
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
    session = HeardSession(*asked, pace_s=pace_s, engine=ToneEngine(chunk_s=chunk_s))
    *_, last = session.run()
    assert isinstance(last, SessionFinished)
    longest = max((len(chunk.frames) for chunk in session.of(ChunkReady)), default=0)
    assert session.listener.most_ahead <= 90 * RATE + longest
    if last.record is None:
        assert session.recording.discarded
        return
    assert_kept_as_heard(session, last.record)
    if stopped is None and len(session.recording.samples) > 5 * RATE:
        assert longest_silence_s(session) < 0.2


def test_wishes_come_from_another_thread() -> None:
    """Against a clock twenty times as fast as real time, with all that threads do."""
    began = time.monotonic()
    position = 0.0

    def clock() -> float:
        nonlocal position
        before, position = position, 20 * (time.monotonic() - began)
        return position - before

    session = HeardSession(clock=clock)
    for at_s, act in ((15.0, worse), (32.0, moved), (60.0, stop)):
        threading.Timer(at_s / 20, act, [session]).start()
    record = session.finished()
    assert_kept_as_heard(session, record)
    assert [change.reason for change in record.changes] == ["worse", "moved"]
    assert record.shortened


def test_the_built_in_engine_turns_twice() -> None:
    """Two minutes and more of real music."""
    session = HeardSession((20.0, worse), (55.0, moved), engine=BuiltinEngine(bundled_soundfont()), pace_s=5.0, tries=1)
    record = session.finished()
    assert_kept_as_heard(session, record)
    assert [change.reason for change in record.changes] == ["worse", "moved"]
    assert record.audio.duration_s == pytest.approx(record.changes[-1].at_s + 60, abs=0.01)
    assert record.audio.duration_s > 115
    assert longest_silence_s(session) < 1
