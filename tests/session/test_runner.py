from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicmed_desktop.audio.levels import target_lufs
from musicmed_desktop.audio.loudness import loudness
from musicmed_desktop.engines.base import EXIT_TOLERANCE_S
from musicmed_desktop.errors import UserError
from musicmed_desktop.session.events import (
    ChunkReady,
    Event,
    SessionFailed,
    SessionFinished,
    StepMeasured,
    StepStarted,
    StepStored,
)
from musicmed_desktop.session.record import Coordinates
from musicmed_desktop.session.runner import SessionRunner
from musicmed_desktop.session.takes import NEAR_ENOUGH, miss, take_seed
from tests.fakes.engines import RATE, ToneEngine, ToneRecognizer, played
from tests.fakes.recordings import MemoryRecording, walk

PLAN = walk()


def runner(engine: ToneEngine, recording: MemoryRecording | None = None, **options: Any) -> SessionRunner:
    return SessionRunner(PLAN, engine, ToneRecognizer(), recording or MemoryRecording(), **options)


def finished(events: list[Event]) -> SessionFinished:
    assert isinstance(events[-1], SessionFinished)
    assert not any(isinstance(event, SessionFinished | SessionFailed) for event in events[:-1])
    return events[-1]


@pytest.fixture(scope="module")
def whole() -> tuple[list[Event], MemoryRecording]:
    recording = MemoryRecording()
    return list(runner(ToneEngine(), recording).run()), recording


def of_step(events: list[Event], index: int) -> Iterator[tuple[int, str]]:
    """The places and names of the events that name a step."""
    for place, event in enumerate(events):
        if isinstance(event, StepStarted | StepMeasured) and event.step.index == index:
            yield place, type(event).__name__
        if isinstance(event, StepStored) and event.record.index == index:
            yield place, type(event).__name__


def test_each_step_is_started_measured_and_stored_in_order(whole: tuple[list[Event], MemoryRecording]) -> None:
    events, recording = whole
    for step in PLAN.steps:
        assert [name for _, name in of_step(events, step.index)] == ["StepStarted", "StepMeasured", "StepStored"]
    stored = [event.record for event in events if isinstance(event, StepStored)]
    assert [record.index for record in stored] == [0, 1, 2, 3]
    assert recording.steps == stored
    record = finished(events).record
    assert record is not None
    assert record == recording.record
    assert list(record.steps) == stored
    assert not record.shortened
    assert not recording.discarded


def test_the_chunks_are_the_session_without_a_gap(whole: tuple[list[Event], MemoryRecording]) -> None:
    events, recording = whole
    chunks = [event for event in events if isinstance(event, ChunkReady)]
    at = 0
    for chunk in chunks:
        assert chunk.start_s == pytest.approx(at / RATE)
        assert chunk.sample_rate == RATE
        at += len(chunk.frames)
    assert at == 120 * RATE
    assert np.array_equal(np.concatenate([chunk.frames for chunk in chunks]), recording.samples)


def test_the_record_tells_what_is_on_the_sound_file(whole: tuple[list[Event], MemoryRecording]) -> None:
    events, recording = whole
    record = finished(events).record
    assert record is not None
    assert record.audio.duration_s == 120.0
    assert record.audio.loudness_lufs == pytest.approx(loudness(recording.samples, RATE), abs=0.01)
    assert record.audio.true_peak_dbtp <= -1.0
    at = 0.0
    for step, planned in zip(record.steps, PLAN.steps, strict=True):
        assert step.start_s == pytest.approx(at, abs=2e-4)
        assert abs(step.start_s - planned.start_s) < EXIT_TOLERANCE_S
        at += step.duration_s
        sound = recording.samples[round(step.start_s * RATE) : round(at * RATE)]
        assert step.loudness_lufs == pytest.approx(loudness(sound, RATE), abs=0.05)
        assert step.loudness_lufs == pytest.approx(target_lufs(planned.target), abs=1.5)
    assert at == pytest.approx(120.0, abs=1e-3)


def test_the_first_step_is_heard_while_it_is_made() -> None:
    engine, recognizer = ToneEngine(), ToneRecognizer()
    events = SessionRunner(PLAN, engine, recognizer, MemoryRecording()).run()
    assert isinstance(next(events), StepStarted)
    assert isinstance(next(events), ChunkReady)
    assert engine.chunks[0] == 1  # of 8
    assert recognizer.heard == []
    list(events)


def test_the_first_chunk_is_out_before_it_is_written() -> None:
    recording = MemoryRecording()
    events = runner(ToneEngine(), recording).run()
    next(event for event in events if isinstance(event, ChunkReady))
    assert recording.frames == []
    list(events)


def test_clips_hand_over_to_each_other() -> None:
    engine = ToneEngine()
    record = finished(list(runner(engine, tries=1).run())).record
    assert record is not None
    contexts = [context for _, context in engine.asked]
    assert [context.final for context in contexts] == [False, False, False, True]
    assert contexts[0].previous is None
    assert contexts[0].leaving == engine.asked[0][0].target == PLAN.steps[0].target
    for (before, _), context, step in zip(engine.asked, contexts[1:], record.steps, strict=False):
        assert context.leaving == before.target
        assert context.previous is not None
        assert context.previous.memory == step.seed  # ToneEngine hands its seed on
    for context, planned, step in zip(contexts, PLAN.steps, record.steps, strict=True):
        assert context.seconds == pytest.approx(planned.end_s - step.start_s, abs=1e-3)


def test_the_nearest_of_the_takes_is_kept() -> None:
    engine = ToneEngine(spread=0.2)
    record = finished(list(runner(engine).run())).record
    assert record is not None
    aims = {context.seed: step.target for step, context in engine.asked}
    assert {step.tries for step in record.steps[1:]} == {2, 4}
    for step, planned in zip(record.steps[1:], PLAN.steps[1:], strict=True):
        seeds = [take_seed(PLAN.seed, step.index, number) for number in range(step.tries)]
        misses = [miss(planned.target, played(aims[seed], seed, 0.2)) for seed in seeds]
        assert step.tries == (2 if min(misses[:2]) <= NEAR_ENOUGH else 4)
        assert step.seed == seeds[misses.index(min(misses))]
        assert step.target == Coordinates.of(planned.target)
        assert step.aim == Coordinates.of(aims[step.seed])
        assert step.measured.affect.distance(played(aims[step.seed], step.seed, 0.2)) < 0.01


def test_misses_are_steered_against() -> None:
    """ToneEngine plays 90 % of what it is asked for; asked for a little more, it comes nearer."""
    plan = walk("happy", "happy", minutes=4.0)
    engine = ToneEngine(spread=0.0)
    record = finished(list(SessionRunner(plan, engine, ToneRecognizer(), MemoryRecording(), tries=1).run())).record
    assert record is not None
    arousal = [step.measured.arousal for step in record.steps]
    assert arousal[0] == pytest.approx(0.9 * plan.steps[0].target.arousal, abs=0.01)
    assert abs(arousal[-1] - plan.steps[-1].target.arousal) < 0.25 * abs(arousal[0] - plan.steps[0].target.arousal)


@pytest.mark.parametrize("tries", [1, 3])
def test_no_more_tries_than_allowed(tries: int) -> None:
    record = finished(list(runner(ToneEngine(spread=0.5), tries=tries).run())).record
    assert record is not None
    assert [step.tries for step in record.steps[1:]] == [tries, tries, tries]


def test_a_seed_gives_the_same_session_however_the_threads_run(whole: tuple[list[Event], MemoryRecording]) -> None:
    slowly = MemoryRecording()
    finished(list(runner(ToneEngine(delay=lambda seed: seed % 7 / 1000), slowly).run()))
    assert slowly.record == whole[1].record
    assert np.array_equal(slowly.samples, whole[1].samples)
    other = MemoryRecording()
    list(SessionRunner(walk(seed=8), ToneEngine(), ToneRecognizer(), other).run())
    assert not np.array_equal(other.samples, whole[1].samples)


def test_takes_are_measured_as_they_will_be_heard() -> None:
    recognizer = ToneRecognizer()
    list(SessionRunner(PLAN, ToneEngine(), recognizer, MemoryRecording(), tries=1).run())
    level = 20 * np.log10(recognizer.heard)
    wanted = [target_lufs(step.target) for step in PLAN.steps]
    assert np.ptp(level) > 2
    assert np.corrcoef(level, wanted)[0, 1] > 0.99
    assert max(recognizer.seconds) < 34  # without the tail that the next clip covers


@settings(max_examples=6, deadline=None)
@given(asked=st.integers(0, 60))
def test_stopped_at_any_moment_what_is_finished_is_kept(asked: int) -> None:
    engine, recording = ToneEngine(), MemoryRecording()
    polls = iter(range(100_000))
    events = list(runner(engine, recording, cancelled=lambda: next(polls) >= asked).run())
    end = finished(events)
    clips = len({event.step.index for event in events if isinstance(event, StepMeasured)})
    if end.record is None:
        assert clips == 0
        assert end.shortened
        assert recording.discarded
        return
    assert len(end.record.steps) == clips
    assert end.shortened == end.record.shortened == (clips < 4)
    last = end.record.steps[-1]
    assert last.start_s + last.duration_s == pytest.approx(end.record.audio.duration_s, abs=2e-4)
    assert len(recording.samples) == round(end.record.audio.duration_s * RATE)
    assert np.abs(recording.samples[-RATE // 10 :]).max() < 0.01  # it has faded


def test_a_hanging_engine_ends_when_it_is_asked_to() -> None:
    asked = threading.Event()
    threading.Timer(0.3, asked.set).start()
    began = time.monotonic()
    end = finished(list(runner(ToneEngine(hangs=2), cancelled=asked.is_set).run()))
    assert time.monotonic() - began < 3
    assert end.record is not None
    assert end.shortened
    assert len(end.record.steps) <= 2


@pytest.mark.parametrize("step", [0, 1, 3])
def test_an_engine_that_fails_leaves_a_shorter_session(step: int) -> None:
    error = UserError("The model file is damaged.", "Download it again.")
    recording = MemoryRecording()
    *events, last = runner(ToneEngine(fails={step: error}), recording, tries=1).run()
    assert isinstance(last, SessionFailed)
    assert last.error is error
    assert len([event for event in events if isinstance(event, StepStored)]) == step
    if step == 0:
        assert last.record is None
        assert recording.discarded
    else:
        assert last.record is not None
        assert last.record.shortened
        assert len(last.record.steps) == step
        assert recording.record == last.record


@pytest.mark.parametrize("step", [0, 2])
def test_a_bug_surfaces_and_nothing_is_kept(step: int) -> None:
    recording = MemoryRecording()
    events = runner(ToneEngine(fails={step: ZeroDivisionError("a bug")}), recording, tries=1).run()
    with pytest.raises(ZeroDivisionError, match="a bug"):
        list(events)
    assert recording.discarded


@pytest.mark.parametrize("room_s", [0, 20, 70, 119])
def test_a_recording_that_fails_ends_the_session(room_s: int) -> None:
    recording = MemoryRecording(room=room_s * RATE)
    *_, last = runner(ToneEngine(), recording, tries=1).run()
    assert isinstance(last, SessionFailed)
    assert last.error.title == "The disk is full."
    assert last.record is None
    assert recording.discarded


@pytest.mark.parametrize("events_taken", [1, 2, 5, 40])
def test_closing_the_iterator_keeps_nothing(events_taken: int) -> None:
    recording = MemoryRecording()
    engine = ToneEngine()
    events = runner(engine, recording, tries=2).run()
    for _ in range(events_taken):
        next(events)
    events.close()
    assert recording.discarded
    assert list(events) == []
    made = engine.chunks.total()
    time.sleep(0.05)
    assert engine.chunks.total() == made


def test_it_runs_on_another_thread() -> None:
    events: list[Event] = []
    thread = threading.Thread(target=lambda: events.extend(runner(ToneEngine(), tries=1).run()))
    thread.start()
    thread.join(20)
    assert finished(events).record is not None
