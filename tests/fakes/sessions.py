"""Sessions of tones in a library, made in a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from musicmed_desktop.engines.base import Frames
from musicmed_desktop.library import Entry, Library
from musicmed_desktop.session.record import Audio, SessionRecord
from tests.fakes.engines import RATE, tones
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
        recording.begin(RATE, 2)
        recording.write(tones(record.steps[0].measured.affect, SECONDS))
        for step in record.steps:
            recording.store_step(step)
        recording.finish(record, None)
    assert recording.entry is not None
    return library.add(recording, recording.entry)


def many_sessions(folder: Path, number: int) -> Library:
    """A library of entries without music, an hour apart."""
    pattern = Entry.of("", NOON, tone_record())
    for index in range(number):
        place = folder / "sessions" / f"session {index:04}"
        place.mkdir(parents=True)
        entry = pattern.changed(started=NOON + timedelta(hours=index), note=f"note number {index}")
        (place / "entry.json").write_text(entry.to_json(), encoding="utf-8")
    return Library(folder)


def silence(seconds: float) -> Frames:
    return np.zeros((round(seconds * RATE), 2), np.float32)
