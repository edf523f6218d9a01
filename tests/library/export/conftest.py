from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.audio.files import AudioWriter
from musicmed_desktop.library.entry import Entry
from musicmed_desktop.session.record import SessionRecord
from tests.fakes.engines import RATE, tones
from tests.fakes.recordings import walk
from tests.fakes.records import record_of

SECONDS = 12.0
EVENING = datetime(2026, 5, 3, 23, 5, 9, tzinfo=timezone(timedelta(hours=2)))


@pytest.fixture
def record() -> SessionRecord:
    return record_of(walk("anxious", "calm"))


@pytest.fixture
def entry(record: SessionRecord) -> Entry:
    """A session with everything that a listener may say, the note being nobody else's business."""
    return Entry.of("0123456789abcdef0123456789abcdef", EVENING, record).changed(
        title="Für Anna 🎧", note="only mine", after=Affect(0.5, -0.25), worse_at_s=(61.5, 120.0), favourite=True
    )


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """Music in a folder of its own, so that `tmp_path` shows what an export leaves."""
    (tmp_path / "library").mkdir()
    path = tmp_path / "library" / "session.flac"
    with AudioWriter(path, RATE, 2, "flac") as writer:
        writer.write(tones(Affect(0.3, -0.4), SECONDS))
    return path
