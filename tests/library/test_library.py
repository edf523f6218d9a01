from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random

import pytest

from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Library, LibraryRecording, Shift
from musicmed_desktop.session.events import SessionFinished
from musicmed_desktop.session.record import Coordinates
from musicmed_desktop.session.runner import SessionRunner
from tests.fakes.engines import RATE, ToneEngine, ToneRecognizer
from tests.fakes.killing import kill_while, small_disk
from tests.fakes.recordings import walk
from tests.fakes.sessions import NOON, keep_session, many_sessions, silence, tone_record

SUMMER = timezone(timedelta(hours=2))
posix = pytest.mark.skipif(os.name == "nt", reason="mounts and modes are POSIX")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_a_played_session_is_in_the_list_before_its_check_out(library: Library) -> None:
    recording = library.recording(datetime(2026, 5, 3, 14, 5, 9, tzinfo=SUMMER), "anxious to calm")
    *_, last = SessionRunner(walk(minutes=1.0), ToneEngine(), ToneRecognizer(), recording, tries=1).run()
    assert isinstance(last, SessionFinished)
    (entry,) = library.entries()
    assert entry == recording.entry
    assert entry.id == recording.id == "2026-05-03 14-05-09 anxious to calm"
    assert (entry.title, entry.start_word, entry.target_word) == ("From anxious to calm", "anxious", "calm")
    assert entry.started == datetime(2026, 5, 3, 12, 5, 9, tzinfo=UTC)
    assert entry.started.utcoffset() == timedelta(hours=2)
    assert entry.seconds == pytest.approx(60.0, abs=0.1)
    assert (entry.engine, entry.shortened) == ("tones", False)
    assert (entry.after, entry.change, entry.note) == (None, None, "")
    assert library.record(entry.id) == last.record
    assert library.audio(entry.id).name == "session.flac"


def test_check_out_completes_the_entry(library: Library) -> None:
    entry = keep_session(library)
    after = Coordinates(valence=0.25, arousal=-0.5)
    library.save(entry.changed(after=after, note="Schön 🎻 / ruhig", favourite=True, underruns=2, worse_at_s=(61.5,)))
    (found,) = Library(library.folder).entries()
    assert found.note == "Schön 🎻 / ruhig"
    assert (found.favourite, found.underruns, found.worse_at_s) == (True, 2, (61.5,))
    assert isinstance(found.change, Shift)
    moved = (0.25 - entry.before.valence, -0.5 - entry.before.arousal)
    assert found.change == pytest.approx(moved, abs=1e-4)


def test_what_a_recording_is_not_told_its_entry_is(library: Library) -> None:
    recording = library.recording(NOON)
    recording.begin(RATE, 2)
    recording.write(silence(12))
    recording.finish(tone_record(), None)
    assert recording.entry is not None
    added = library.add(recording, recording.entry.changed(id="", sound_device="USB", title="🎧" * 200))
    assert library.entries() == (added,)
    assert (added.id, added.sound_device, added.title) == (recording.id, "USB", "🎧" * 200)


def test_the_newest_comes_first_whatever_the_time_zone(library: Library) -> None:
    early = keep_session(library, datetime(2026, 5, 3, 14, 0, tzinfo=SUMMER))
    late = keep_session(library, datetime(2026, 5, 3, 13, 0, tzinfo=UTC))
    assert [entry.id for entry in library.entries()] == [late.id, early.id]


def test_nothing_is_made_until_the_first_session(library: Library) -> None:
    assert not any((library.entries(), library.deleted(), library.broken(), library.rescue()))
    library.purge()
    assert not library.folder.exists()
    recording = library.recording(NOON)
    recording.begin(RATE, 2)
    recording.write(silence(1))
    recording.discard()
    assert not library.folder.exists()


def test_sessions_of_the_same_second_do_not_clash(library: Library) -> None:
    running = [library.recording(NOON) for _ in range(3)]
    assert len({recording.id for recording in running}) == 3
    for recording in running:
        recording.discard()
    first, second = keep_session(library), keep_session(library)
    library.delete(first.id)
    third = keep_session(library)
    library.restore(first.id)
    assert {entry.id for entry in library.entries()} == {first.id, second.id, third.id}


@pytest.mark.parametrize(
    "words", ["a/b\\c", "con: *?<>|", "🎧" * 200, "x" * 200, "\x00\n\t", "..", "ends. ", "é\ud800", "../../up"]
)
def test_any_words_make_a_name_that_every_system_takes(library: Library, words: str) -> None:
    entry = keep_session(library, words=words)
    assert names(library.folder / "sessions") == {entry.id}
    assert not set(entry.id) & set('<>:"/\\|?*\n\x00')
    assert not entry.id.endswith((" ", "."))
    assert len(entry.id.encode()) <= 100
    assert library.entries() == (entry,)


def test_broken_and_foreign_folders_are_left_alone(library: Library) -> None:
    good = keep_session(library)
    sessions = library.folder / "sessions"
    contents = {
        "half": b'{"title": "x"',
        "wrong": b'{"title": "x"}',
        "zeros": bytes(500),
        "not UTF-8": b"\xff\xfe{}",
        "list": b"[1]",
        "later": json.dumps({**json.loads(good.to_json()), "schema_version": 2}).encode(),
    }
    for name, content in contents.items():
        (sessions / name).mkdir()
        (sessions / name / "entry.json").write_bytes(content)
    (sessions / "folder" / "entry.json").mkdir(parents=True)
    (sessions / "holiday pictures").mkdir()
    (sessions / ".DS_Store").write_bytes(b"\x00")
    (sessions / "desktop.ini").write_text("[x]")
    before = sorted(library.folder.rglob("*"))
    assert library.entries() == (good,)
    assert {folder.name for folder in library.broken()} == {*contents, "folder"}
    library.purge(days=0)
    library.rescue()
    assert sorted(library.folder.rglob("*")) == before


def test_a_session_that_the_terminal_made_is_listed_by_its_record(library: Library) -> None:
    entry = keep_session(library)
    (library.folder / "sessions" / entry.id / "entry.json").unlink()
    (found,) = library.entries()
    assert (found.id, found.title, found.seconds) == (entry.id, entry.title, entry.seconds)
    library.save(found.changed(favourite=True))
    assert library.entries()[0].favourite


def test_what_a_newer_version_wrote_is_kept(library: Library) -> None:
    entry = keep_session(library)
    path = library.folder / "sessions" / entry.id / "entry.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "therapist": {"seen": True}}))
    library.save(library.entries()[0].changed(title="Evening"))
    assert json.loads(path.read_bytes())["therapist"] == {"seen": True}
    assert library.entries()[0].title == "Evening"


def test_a_folder_that_was_renamed_is_found_under_its_new_name(library: Library) -> None:
    entry = keep_session(library)
    sessions = library.folder / "sessions"
    (sessions / entry.id).rename(sessions / "My best evening")
    (found,) = library.entries()
    assert found == entry.changed(id="My best evening")
    assert library.audio(found.id).is_file()


def test_halves_of_a_letter_can_be_written(library: Library) -> None:
    entry = keep_session(library)
    library.save(entry.changed(note="a\ud83c\udfa7b\ud800c"))
    assert library.entries()[0].note == "a🎧b\ufffdc"


def test_delete_can_be_undone(library: Library) -> None:
    kept, gone = keep_session(library), keep_session(library, NOON + timedelta(days=1))
    before = {path.name: path.read_bytes() for path in (library.folder / "sessions" / gone.id).iterdir()}
    library.delete(gone.id)
    assert library.entries() == (kept,)
    (deleted,) = library.deleted()
    assert deleted.deleted is not None
    assert deleted.changed(deleted=None) == gone
    with pytest.raises(UserError, match="no longer there"):
        library.audio(gone.id)
    library.restore(gone.id)
    assert library.entries() == (gone, kept)
    assert {path.name: path.read_bytes() for path in (library.folder / "sessions" / gone.id).iterdir()} == before


def test_the_trash_is_emptied_by_age(library: Library) -> None:
    old, new, kept = (keep_session(library, NOON + timedelta(days=n)) for n in range(3))
    for entry in (old, new):
        library.delete(entry.id)
    path = library.folder / "trash" / old.id / "entry.json"
    path.write_text(old.changed(deleted=datetime.now(UTC) - timedelta(days=31)).to_json(), encoding="utf-8")
    library.purge()
    assert names(library.folder / "trash") == {new.id}
    library.purge(days=0)
    assert names(library.folder / "trash") == set()
    assert library.entries() == (kept,)


@pytest.mark.parametrize("id", ["", ".", "..", "../trash", "/etc", "none", "a/b", ".hidden", "x\x00"])
def test_no_id_leads_out_of_the_library(library: Library, id: str) -> None:
    entry = keep_session(library)
    (library.folder / "sessions" / ".hidden").mkdir()
    for action in (library.record, library.audio, library.delete, library.restore):
        with pytest.raises(UserError, match="no longer there"):
            action(id)
    with pytest.raises(UserError, match="no longer there"):
        library.save(entry.changed(id=id))


def test_a_broken_record_or_missing_music_is_told(library: Library) -> None:
    entry = keep_session(library)
    folder = library.folder / "sessions" / entry.id
    (folder / "session.json").write_text("{")
    with pytest.raises(UserError, match=r"course of this session cannot be read\. Its music"):
        library.record(entry.id)
    (folder / "session.json").unlink()
    with pytest.raises(UserError, match="There is no file"):
        library.record(entry.id)
    library.audio(entry.id).unlink()
    with pytest.raises(UserError, match="music of this session"):
        library.audio(entry.id)
    assert library.entries() == (entry,)


def test_a_library_can_be_a_file_by_mistake(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for place in (tmp_path / "file", tmp_path / "file" / "deep" / "library"):
        with pytest.raises(UserError, match="is a file, not a folder"):
            Library(place)
    (tmp_path / "sessions").write_text("mine")
    with pytest.raises(UserError):
        Library(tmp_path).entries()


def test_five_hundred_sessions_are_listed_at_once(tmp_path: Path) -> None:
    library = many_sessions(tmp_path, 500)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        entries = library.entries()
        times.append(time.perf_counter() - start)
    assert len(entries) == 500
    assert entries[0].note == "note number 499"
    assert min(times) < 0.5


def test_killed_at_any_moment_an_entry_is_the_old_one_or_the_new_one(library: Library) -> None:
    program = """
import sys
from itertools import count
from pathlib import Path
from musicmed_desktop.library import Library
library = Library(Path(sys.argv[1]))
(entry,) = library.entries()
for number in count():
    library.save(entry.changed(title=str(number), note=str(number) * 1000))
    if not number: print("begun", flush=True)
"""
    entry = keep_session(library)
    chance = Random(6)
    for _ in range(3):
        kill_while(program, str(library.folder), seconds=chance.uniform(0, 0.05))
        (found,) = library.entries()
        assert found.note == found.title * 1000
        assert found.changed(title=entry.title, note="") == entry


def test_killed_while_it_moves_to_the_trash_and_back_a_session_is_in_one_place(library: Library) -> None:
    program = """
import sys
from pathlib import Path
from musicmed_desktop.library import Library
library = Library(Path(sys.argv[1]))
(entry,) = library.entries()
print("begun", flush=True)
while True:
    library.delete(entry.id)
    library.restore(entry.id)
"""
    entry = keep_session(library)
    chance = Random(7)
    for _ in range(3):
        kill_while(program, str(library.folder), seconds=chance.uniform(0, 0.05))
        assert len(library.entries()) + len(library.deleted()) == 1
        for deleted in library.deleted():
            library.restore(deleted.id)
        assert library.entries() == (entry,)


@posix
def test_a_full_disk_keeps_what_is_there(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "size=1M") as disk:
        library = Library(disk / "library")
        entry = keep_session(library)
        filling = 1_000_000 - sum(path.stat().st_size for path in disk.rglob("*") if path.is_file())
        (disk / "films").write_bytes(b"x" * (filling - 30_000))
        with pytest.raises(UserError, match="The disk is full"):
            library.save(entry.changed(note="x" * 100_000))
        with pytest.raises(UserError, match="The disk is full"):
            keep_session(library, NOON + timedelta(days=1))
        assert library.entries() == (entry,)
        assert library.broken() == ()


@posix
def test_a_read_only_library_can_be_heard_but_not_changed(tmp_path: Path) -> None:
    source = Library(tmp_path / "library")
    entry = keep_session(source)
    with small_disk(tmp_path / "disk", "size=8M") as disk:
        shutil.copytree(source.folder, disk / "library")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        library = Library(disk / "library")
        assert library.entries() == (entry,)
        assert library.audio(entry.id).is_file()
        with pytest.raises(UserError, match="read-only"):
            library.recording(NOON)
        with pytest.raises(UserError, match="read-only"):
            library.save(entry)
        with pytest.raises(UserError, match="could not be deleted"):
            library.delete(entry.id)
        assert library.entries() == (entry,)


@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_of_someone_else_is_told(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o555)
    with pytest.raises(UserError, match="You may not use"):
        Library(theirs / "library")
    with pytest.raises(UserError, match="You may not write"):
        Library(theirs).recording(NOON)


def test_a_recording_is_one(library: Library) -> None:
    recording = library.recording(NOON)
    assert isinstance(recording, LibraryRecording)
    with recording:
        recording.begin(RATE, 2)
        recording.write(silence(1))
        assert library.entries() == ()
    assert recording.entry is None
