"""Sessions that a real MusicGen makes, with a few random weights, and what may go wrong in the middle of one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from musicmed_desktop.engines.musicgen.engine import MusicGenEngine
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Library
from musicmed_desktop.session import listening
from musicmed_desktop.session.events import (
    ChunkReady,
    EngineMoved,
    Event,
    SessionFailed,
    SessionFinished,
    StepStarted,
)
from musicmed_desktop.session.runner import SessionRunner
from tests.fakes.engines import ToneRecognizer
from tests.fakes.killing import kill_while
from tests.fakes.listeners import HeardSession, stop, worse
from tests.fakes.musicgen import save_transformers, tiny_transformers
from tests.fakes.places import NARROW, ROOMY, Steps, single_thread
from tests.fakes.recordings import MemoryRecording, short_walk

RATE = 32_000
STEP_S = 8.0
ONE_CLIP = 550 + 4  # steps: 8 s and the overlap, at 50 frames a second, each codebook a step later
PLAN = short_walk(STEP_S)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    yield from single_thread()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_transformers(tiny_transformers(), tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def folder(published: Path, tmp_path: Path) -> Path:
    """A model that a test may delete."""
    return Path(shutil.copytree(published, tmp_path / "tiny"))


def runner(engine: MusicGenEngine, recording: MemoryRecording, **options: Any) -> SessionRunner:
    return SessionRunner(PLAN, engine, ToneRecognizer(), recording, **options)


def made(engine: MusicGenEngine) -> tuple[list[Event], MemoryRecording]:
    recording = MemoryRecording(sound=(RATE, 1))
    return list(runner(engine, recording).run()), recording


def test_a_session_is_whole_although_memory_runs_out(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Steps(monkeypatch, room=ONE_CLIP + 100)
    engine = MusicGenEngine(published, places=[NARROW, ROOMY])
    assert engine.about == NARROW.reason
    events, recording = made(engine)
    (moved,) = [event for event in events if isinstance(event, EngineMoved)]
    assert moved.about == engine.about
    assert ROOMY.reason in moved.about
    assert moved.about.startswith("Memory ran short")
    last = events[-1]
    assert isinstance(last, SessionFinished)
    assert not last.shortened
    assert recording.record is not None
    assert recording.record.engine.version == "1.0 (tiny, bfloat16), then 1.0 (tiny, float32)"
    assert len(recording.samples) == 2 * STEP_S * RATE
    loud = np.flatnonzero(np.abs(recording.samples[: 13 * RATE, 0]) > 1e-3)
    assert np.diff(loud).max() < RATE / 2  # no hole where it moved


def test_where_no_place_is_left_the_finished_clips_are_kept(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Steps(monkeypatch, room=ONE_CLIP + 100)
    events, recording = made(MusicGenEngine(published, places=[NARROW]))
    last = events[-1]
    assert isinstance(last, SessionFailed)
    assert last.error.title == "There is not enough memory for MusicGen."
    assert last.record is not None
    assert last.record.shortened
    assert len(last.record.steps) == 1
    assert STEP_S * RATE < len(recording.samples) < (STEP_S + 4) * RATE


def test_without_its_folder_it_goes_on_from_memory(folder: Path) -> None:
    recording = MemoryRecording(sound=(RATE, 1))
    engine = MusicGenEngine(folder, places=[ROOMY])
    for event in runner(engine, recording, tries=2).run():
        if isinstance(event, StepStarted) and event.step.index == 0:
            shutil.rmtree(folder)
    assert recording.record is not None
    assert not recording.record.shortened


def test_a_folder_that_has_gone_when_it_must_be_read_again_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Steps(monkeypatch, room=ONE_CLIP + 100)
    engine = MusicGenEngine(folder, places=[NARROW, ROOMY])
    shutil.rmtree(folder)
    events, recording = made(engine)
    last = events[-1]
    assert isinstance(last, SessionFailed)
    assert str(folder) in last.error.title
    assert last.record is not None
    assert len(recording.samples) > STEP_S * RATE


def test_cancelled_it_ends_within_a_step(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(monkeypatch, room=0)
    stopped_at = 300
    recording = MemoryRecording(sound=(RATE, 1))
    engine = MusicGenEngine(published, places=[ROOMY])
    events = list(runner(engine, recording, cancelled=lambda: steps.made >= stopped_at).run())
    assert steps.made == stopped_at
    assert any(isinstance(event, ChunkReady) for event in events)
    assert events[-1] == SessionFinished(None, shortened=True)
    assert recording.discarded


def test_what_the_listener_asks_for_meanwhile_is_played(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "POLL_S", 0.001)
    engine = MusicGenEngine(published, places=[ROOMY])
    session = HeardSession((4.0, worse), (12.0, stop), engine=engine, plan=PLAN, pace_s=2.0)
    record = session.finished()
    assert record.engine.name == "musicgen"
    assert [change.reason for change in record.changes] == ["worse"]
    assert record.audio.duration_s > 12
    assert np.array_equal(session.recording.samples, session.listener.heard)


COMPOSE = """
import sys
from datetime import datetime, UTC
from pathlib import Path
import torch
from musicmed_desktop.engines.musicgen.engine import MusicGenEngine
from musicmed_desktop.library import Library
from musicmed_desktop.session.runner import SessionRunner
from tests.fakes.engines import ToneRecognizer
from tests.fakes.places import ROOMY
from tests.fakes.recordings import short_walk
torch.set_num_threads(1)
engine = MusicGenEngine(Path(sys.argv[1]), places=[ROOMY])
recording = Library(Path(sys.argv[2])).recording(datetime(2026, 5, 3, 12, tzinfo=UTC))
for event in SessionRunner(short_walk(8.0), engine, ToneRecognizer(), recording, tries=1).run():
    if type(event).__name__ == "StepStored": print("stored", flush=True)
"""


def test_killed_in_the_middle_what_was_made_is_there(published: Path, tmp_path: Path) -> None:
    assert kill_while(COMPOSE, str(published), str(tmp_path / "library"), seconds=0.0).startswith("stored")
    library = Library(tmp_path / "library")
    (found,) = library.interrupted()
    assert found.heard_s > 7.5  # the first clip
    entry = library.keep(found)
    with library.sound(entry.id) as sound:
        info = soundfile.info(sound)
    assert (info.samplerate, info.channels, info.duration) == (RATE, 1, pytest.approx(found.heard_s, abs=0.01))


def test_a_model_that_breaks_while_it_is_opened_ends_in_words(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    with pytest.raises(UserError) as caught:
        MusicGenEngine(folder, places=[ROOMY])
    assert "model.safetensors" in str(caught.value)
