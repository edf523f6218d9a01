"""Sessions of tones in a library, made in a moment."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from musicmed_desktop.engines.base import Frames
from musicmed_desktop.library import Entry, Interrupted, Library
from musicmed_desktop.library.index import insert
from musicmed_desktop.session.events import StepStored
from musicmed_desktop.session.record import Audio, SessionRecord
from musicmed_desktop.session.recording import Beginning
from musicmed_desktop.session.runner import SessionRunner
from tests.fakes.engines import RATE, ToneEngine, ToneRecognizer, tones
from tests.fakes.recordings import walk
from tests.fakes.records import record_of

NOON = datetime(2026, 5, 3, 12, 0, 0, tzinfo=UTC)
SECONDS = 12.0


def tone_record(start: str = "anxious", target: str = "calm") -> SessionRecord:
    plan = walk(start, target, minutes=2.0)
    sound = Audio(
        path="session.flac", sample_rate=RATE, channels=2, duration_s=SECONDS, loudness_lufs=-18, true_peak_dbtp=-1
    )
    return record_of(plan).model_copy(update={"audio": sound})


def keep_session(
    library: Library, started: datetime = NOON, words: str = "", start: str = "anxious", target: str = "calm"
) -> Entry:
    """One session recorded, finished and entered."""
    record = tone_record(start, target)
    with library.recording(started, words) as recording:
        recording.begin(tone_beginning(start, target))
        recording.write(tones(record.steps[0].measured.affect, SECONDS))
        recording.store_step(record.steps[0], round(SECONDS * RATE))
        recording.finish(record, None)
    assert recording.entry is not None
    return recording.entry


def tone_beginning(start: str = "anxious", target: str = "calm") -> Beginning:
    return Beginning(walk(start, target), ToneEngine(), ToneRecognizer())


def interrupt_session(library: Library, clips: int = 2, started: datetime = NOON, minutes: float = 2.0) -> Interrupted:
    """A session that broke off when so many of its clips were stored."""
    recording = library.recording(started)
    with closing(SessionRunner(walk(minutes=minutes), ToneEngine(), ToneRecognizer(), recording, tries=1).run()) as run:
        stored = (event for event in run if isinstance(event, StepStored))
        for _ in range(clips):
            next(stored)
    return next(found for found in library.interrupted() if found.id == recording.id)


def many_sessions(folder: Path, number: int) -> Library:
    """A library of entries without music, an hour apart."""
    library, pattern = Library(folder), Entry.of("", NOON, tone_record())
    library.collection.index.create()
    with library.collection.index.database.transaction() as connection:
        for index in range(number):
            started = NOON + timedelta(hours=index)
            entry = pattern.changed(id=f"{index:032x}", started=started, note=f"note number {index}")
            insert(connection, entry, f"session {index:04}", "kept", None)
    return library


def silence(seconds: float) -> Frames:
    return np.zeros((round(seconds * RATE), 2), np.float32)
