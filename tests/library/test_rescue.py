from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Library
from tests.fakes.engines import RATE
from tests.fakes.killing import kill_while
from tests.fakes.sessions import NOON, keep_session, silence

RECORD = """
import sys, time
import numpy as np
from datetime import datetime, UTC
from pathlib import Path
from musicmed_desktop.library import Library
recording = Library(Path(sys.argv[1])).recording(datetime(2026, 5, 3, 12, tzinfo=UTC))
recording.begin(8000, 2)
noise = np.random.default_rng(1).uniform(-0.5, 0.5, (8000 * 60, 2)).astype(np.float32)
for at in range(0, round(float(sys.argv[2]) * 8000), 4000):
    recording.write(noise[at : at + 4000])
print("written", flush=True)
time.sleep(60)
"""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


def test_the_music_of_a_killed_run_is_saved_under_a_clear_name(library: Library) -> None:
    kill_while(RECORD, str(library.folder), "40", seconds=0.0)
    assert library.entries() == ()
    (saved,) = library.rescue()
    assert saved == library.folder / "unfinished" / "2026-05-03 12-00-00.flac"
    sound, rate = soundfile.read(saved, dtype="int16")
    assert rate == RATE
    assert 35 * RATE < len(sound) <= 40 * RATE  # what was on its way to the disk is lost
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (8000 * 60, 2)).astype(np.float32)
    assert np.abs(sound / 32768 - noise[: len(sound)]).max() < 1e-4
    assert list((library.folder / "sessions").iterdir()) == []
    assert library.rescue() == ()
    keep_session(library)
    assert len(library.entries()) == 1


def test_a_moment_of_music_is_not_kept(library: Library) -> None:
    kill_while(RECORD, str(library.folder), "4", seconds=0.0)
    assert library.rescue() == ()
    assert not any(library.folder.rglob("*.*"))


def test_a_recording_that_still_runs_is_left_alone(library: Library) -> None:
    with library.recording(NOON) as recording:
        recording.begin(RATE, 2)
        recording.write(silence(20))
        assert Library(library.folder).rescue() == ()
        recording.write(silence(20))


def test_a_session_that_was_whole_is_a_session(library: Library) -> None:
    entry = keep_session(library)
    place = library.folder / "sessions" / entry.id
    place.rename(place.with_name(f".{entry.id}.musicmed-partial"))  # as before its last move
    assert library.entries() == ()
    assert library.rescue() == (place,)
    assert library.entries() == (entry,)


def test_rescued_twice_under_one_name(library: Library) -> None:
    for _ in range(2):
        kill_while(RECORD, str(library.folder), "30", seconds=0.0)
        assert len(library.rescue()) == 1
    assert {path.name for path in (library.folder / "unfinished").iterdir()} == {
        "2026-05-03 12-00-00.flac",
        "2026-05-03 12-00-00 (2).flac",
    }


@pytest.mark.parametrize("content", [b"", b"fLaC", bytes(5000), b"RIFF"])
def test_what_cannot_be_read_is_cleared(library: Library, content: bytes) -> None:
    keep_session(library)
    place = library.folder / "sessions" / ".2026-05-03 12-00-01.musicmed-partial"
    place.mkdir()
    (place / "session.flac.part").write_bytes(content)
    assert library.rescue() == ()
    assert not place.exists()
    assert len(library.entries()) == 1


def test_where_it_cannot_be_saved_it_stays(library: Library) -> None:
    kill_while(RECORD, str(library.folder), "30", seconds=0.0)
    (library.folder / "unfinished").write_text("mine")
    with pytest.raises(UserError):
        library.rescue()
    (library.folder / "unfinished").unlink()
    assert len(library.rescue()) == 1
