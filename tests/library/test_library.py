from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random

import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Library, LibraryRecording, Shift
from musicmed_desktop.library.pcm import hash_of, pcm_in
from musicmed_desktop.session.events import SessionFinished, StepStored
from musicmed_desktop.session.runner import SessionRunner
from tests.fakes.engines import RATE, ToneEngine, ToneRecognizer
from tests.fakes.killing import kill_while, small_disk
from tests.fakes.recordings import walk
from tests.fakes.sessions import NOON, keep_session, silence, tone_beginning, tone_record

SUMMER = timezone(timedelta(hours=2))
posix = pytest.mark.skipif(os.name == "nt", reason="mounts and modes are POSIX")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def folder_of(library: Library, id: str) -> Path:
    return library.collection.shelf.folder(library.collection.index.folder(id))


def heard(library: Library, id: str) -> bytes:
    with library.sound(id) as sound:
        return sound.read()


def test_a_played_session_is_in_the_list_before_its_check_out(library: Library) -> None:
    recording = library.recording(datetime(2026, 5, 3, 14, 5, 9, tzinfo=SUMMER), "anxious to calm")
    *_, last = SessionRunner(walk(minutes=1.0), ToneEngine(), ToneRecognizer(), recording, tries=1).run()
    assert isinstance(last, SessionFinished)
    (entry,) = library.entries()
    assert entry == recording.entry
    assert (entry.id, entry.maker) == (recording.id, "Tones are played.")
    assert folder_of(library, entry.id).name == "2026-05-03 14-05-09 anxious to calm"
    assert (entry.title, entry.start_word, entry.target_word) == ("From anxious to calm", "anxious", "calm")
    assert entry.started == datetime(2026, 5, 3, 12, 5, 9, tzinfo=UTC)
    assert entry.started.utcoffset() == timedelta(hours=2)
    assert entry.seconds == pytest.approx(60.0, abs=0.1)
    assert (entry.engine, entry.shortened) == ("tones", False)
    assert (entry.after, entry.change, entry.note) == (None, None, "")
    assert library.record(entry.id) == last.record == recording.record
    files = {"session.flac", "session.json", "session.mid", "trajectory.svg"}
    assert names(folder_of(library, entry.id)) == files


def test_a_clip_is_stored_for_good_before_it_is_told_of(library: Library) -> None:
    recording = library.recording(NOON)
    told: list[bytes] = []
    for event in SessionRunner(walk(minutes=2.0), ToneEngine(), ToneRecognizer(), recording, tries=1).run():
        if isinstance(event, StepStored):
            number = event.record.index
            clip = Library(library.folder).collection.index.clips(recording.id)[number]
            assert clip.step == event.record
            pcm = library.collection.clip(recording.id, clip)
            assert len(pcm) == round(event.record.duration_s * RATE)
            told.append(pcm.tobytes())
    assert len(told) == 4
    pcm, rate = pcm_in(heard(library, recording.id))
    assert rate == RATE
    assert pcm.tobytes() == b"".join(told)  # the joined sound has the same samples
    at = 0
    for clip in library.collection.index.clips(recording.id):
        assert hash_of(pcm[at : at + clip.frames]) == clip.sha256
        at += clip.frames
    assert at == len(pcm)


def test_what_is_too_short_for_a_step_is_kept_too(library: Library) -> None:
    record = tone_record()
    with library.recording(NOON) as recording:
        recording.begin(tone_beginning())
        recording.write(silence(12))
        recording.store_step(record.steps[0], 10 * RATE)
        recording.finish(record, None)
    clips = library.collection.index.clips(recording.id)
    assert [clip.frames for clip in clips] == [10 * RATE, 2 * RATE]
    assert len(pcm_in(heard(library, recording.id))[0]) == 12 * RATE


def test_how_the_listener_felt_may_be_told_apart_from_where_the_music_begins(library: Library) -> None:
    felt = Affect(-0.9, -0.8)
    with library.recording(NOON, before=felt) as recording:
        recording.begin(tone_beginning())
        recording.write(silence(12))
        recording.finish(tone_record(), None)
    (entry,) = library.entries()
    assert entry.before == felt
    assert entry.start_word != "anxious"
    assert entry.title == f"From {entry.start_word} to calm"


def test_check_out_completes_the_entry(library: Library) -> None:
    entry = keep_session(library)
    library.change(entry.id, after=Affect(0.25, -0.5), note="Schön 🎻 / ruhig")
    changed = library.change(entry.id, favourite=True, underruns=2, sound_device="USB")
    (found,) = Library(library.folder).entries()
    assert found == changed
    assert (found.note, found.favourite, found.underruns) == ("Schön 🎻 / ruhig", True, 2)
    assert isinstance(found.change, Shift)
    assert found.change == pytest.approx((0.25 - entry.before.valence, -0.5 - entry.before.arousal), abs=1e-4)


def test_two_who_change_other_things_do_not_undo_each_other(library: Library) -> None:
    entry = keep_session(library)
    other = Library(library.folder)
    library.change(entry.id, title="Evening")
    other.change(entry.id, note="Rain.")
    assert library.entries() == (entry.changed(title="Evening", note="Rain."),)


@pytest.mark.parametrize(
    "values", [{"before": Affect(0, 0), "seconds": -1.0}, {"started": datetime(2026, 5, 3)}, {"underruns": -1}]
)
def test_what_no_session_can_have_is_refused(library: Library, values: dict[str, object]) -> None:
    entry = keep_session(library)
    with pytest.raises(ValueError, match=r"no session|time zone"):
        library.change(entry.id, **values)
    assert library.entries() == (entry,)


def test_the_newest_comes_first_whatever_the_time_zone(library: Library) -> None:
    early = keep_session(library, datetime(2026, 5, 3, 14, 0, tzinfo=SUMMER))
    late = keep_session(library, datetime(2026, 5, 3, 13, 0, tzinfo=UTC))
    assert [entry.id for entry in library.entries()] == [late.id, early.id]


def test_nothing_is_made_until_the_first_session(library: Library) -> None:
    assert not any((library.entries(), library.deleted(), library.interrupted(), library.purge()))
    library.settle()
    assert not library.folder.exists()


def test_a_recording_without_a_clip_leaves_nothing(library: Library) -> None:
    recording = library.recording(NOON)
    assert isinstance(recording, LibraryRecording)
    with recording:
        recording.begin(tone_beginning())
        recording.write(silence(1))
        assert library.entries() == ()
    assert (recording.entry, recording.has_stored) == (None, False)
    assert library.interrupted() == ()
    assert names(library.folder / "sessions") == set()


def test_sessions_of_the_same_second_do_not_clash(library: Library) -> None:
    running = [library.recording(NOON) for _ in range(3)]
    assert names(library.folder / "sessions") == {f"2026-05-03 12-00-00{n}" for n in ("", " (2)", " (3)")}
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
    (name,) = names(library.folder / "sessions")
    assert name == folder_of(library, entry.id).name
    assert not set(name) & set('<>:"/\\|?*\n\x00')
    assert not name.endswith((" ", "."))
    assert len(name.encode()) <= 100
    assert library.entries() == (entry,)


def test_halves_of_a_letter_can_be_written(library: Library) -> None:
    entry = keep_session(library)
    library.change(entry.id, note="a\ud83c\udfa7b\ud800c")
    assert library.entries()[0].note == "a🎧b\ufffdc"


def test_delete_can_be_undone(library: Library) -> None:
    kept, gone = keep_session(library), keep_session(library, NOON + timedelta(days=1))
    library.delete(gone.id)
    assert library.entries() == (kept,)
    (deleted,) = library.deleted()
    assert deleted.deleted is not None
    assert deleted.changed(deleted=None) == gone
    library.restore(gone.id)
    assert library.entries() == (gone, kept)
    assert library.record(gone.id).steps


def test_the_trash_is_emptied_by_age(library: Library) -> None:
    old, new, kept = (keep_session(library, NOON + timedelta(days=n)) for n in range(3))
    library.change(old.id, deleted=datetime.now(UTC) - timedelta(days=31))
    library.delete(new.id)
    folders = {entry.id: folder_of(library, entry.id) for entry in (old, new, kept)}
    assert library.purge() == 1
    assert [entry.id for entry in library.deleted()] == [new.id]
    assert [folders[entry.id].exists() for entry in (old, new, kept)] == [False, True, True]
    assert library.purge(days=0) == 1
    assert library.entries() == (kept,)
    assert library.collection.index.clips(old.id) == ()
    assert library.collection.index.files(new.id) == ()


def test_of_what_left_the_trash_no_word_is_left(library: Library) -> None:
    """The note is longer than a page of the database, was changed, and deleted in the midst of other sessions."""
    secret = ["SECRET-FIRST", "SECRET-LONG" * 2000, "SECRET-TITLE"]
    entries = [keep_session(library, NOON + timedelta(days=n)) for n in range(4)]
    gone = entries[1]
    library.change(gone.id, note=secret[0])
    library.change(gone.id, note=secret[1], title=secret[2])
    library.settle()  # which keeps a spare copy
    copy = library.folder / "library.sqlite3.version-1"
    shutil.copyfile(library.folder / "library.sqlite3", copy)
    library.delete(gone.id)
    assert any(b"SECRET" in path.read_bytes() for path in library.folder.rglob("*") if path.is_file())
    library.purge(days=0)
    assert not [path for path in library.folder.rglob("*") if path.is_file() and b"SECRET" in path.read_bytes()]
    assert len(library.entries()) == 3
    assert (library.folder / "library.sqlite3.spare-1").exists()


@pytest.mark.parametrize("id", ["", ".", "..", "../trash", "/etc", "none", "a/b", "x\x00", "' OR 1=1 --"])
def test_a_session_that_is_not_there_is_told(library: Library, id: str) -> None:
    entry = keep_session(library)
    for action in (library.record, library.sound, library.delete, library.restore, library.collection.index.draft):
        with pytest.raises(UserError, match="no longer there"):
            action(id)
    assert library.entries() == (entry,)


def test_a_broken_record_or_missing_music_is_told(library: Library) -> None:
    entry = keep_session(library)
    folder = folder_of(library, entry.id)
    (folder / "session.json").write_text("{")
    with pytest.raises(UserError, match=r"course of this session cannot be read\. Its music"):
        library.record(entry.id)
    (folder / "session.json").unlink()
    with pytest.raises(UserError, match="There is no file"):
        library.record(entry.id)
    (folder / "session.flac").unlink()
    with pytest.raises(UserError, match="music of this session"):
        library.sound(entry.id)
    assert library.entries() == (entry,)


def test_a_library_can_be_a_file_by_mistake(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for place in (tmp_path / "file", tmp_path / "file" / "deep" / "library"):
        with pytest.raises(UserError, match="is a file, not a folder"):
            Library(place)
    (tmp_path / "sessions").write_text("mine")
    with pytest.raises(UserError):
        Library(tmp_path).recording(NOON)


def test_killed_at_any_moment_an_entry_is_the_old_one_or_the_new_one(library: Library) -> None:
    program = """
import sys
from itertools import count
from pathlib import Path
from musicmed_desktop.library import Library
library = Library(Path(sys.argv[1]))
(entry,) = library.entries()
for number in count():
    library.change(entry.id, title=str(number), note=str(number) * 1000)
    if not number: print("begun", flush=True)
"""
    entry = keep_session(library)
    chance = Random(6)
    for _ in range(3):
        kill_while(program, str(library.folder), seconds=chance.uniform(0, 0.05))
        (found,) = library.entries()
        assert found.note == found.title * 1000
        assert found.changed(title=entry.title, note="") == entry


@posix
def test_a_full_disk_keeps_what_is_there(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "size=2M") as disk:
        library = Library(disk / "library")
        entry = keep_session(library)
        filling = 2_000_000 - sum(path.stat().st_size for path in disk.rglob("*") if path.is_file())
        (disk / "films").write_bytes(b"x" * (filling - 60_000))
        with pytest.raises(UserError, match="The disk is full"):
            library.change(entry.id, note="x" * 200_000)
        with pytest.raises(UserError, match="The disk is full"):
            keep_session(library, NOON + timedelta(days=1))
        assert library.entries() == (entry,)
        (disk / "films").unlink()
        library.settle()
        assert len(names(library.folder / "sessions")) == 1
        library.change(entry.id, note="now")
        assert library.entries()[0].note == "now"


@posix
def test_a_read_only_library_can_be_heard_but_not_changed(tmp_path: Path) -> None:
    source = Library(tmp_path / "library")
    entry = keep_session(source)
    with small_disk(tmp_path / "disk", "size=8M") as disk:
        shutil.copytree(source.folder, disk / "library")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        library = Library(disk / "library")
        assert library.entries() == (entry,)
        assert heard(library, entry.id) == heard(source, entry.id)
        for act in (
            lambda: library.recording(NOON),
            lambda: library.change(entry.id, title="x"),
            lambda: library.delete(entry.id),
        ):
            with pytest.raises(UserError, match="read-only"):
                act()
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


@pytest.mark.skipif(os.name == "nt", reason="Windows has other ways")
def test_what_the_listener_wrote_is_for_their_eyes_only(tmp_path: Path) -> None:
    library = Library(tmp_path / "library")
    library.change(keep_session(library).id, note="Slept at once.")
    library.settle()
    indices = [path for path in library.folder.iterdir() if path.is_file()]
    assert len(indices) >= 2
    assert [path.name for path in indices if path.stat().st_mode & 0o077] == []


def test_a_name_that_no_system_takes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="could not be read"):
        Library(tmp_path / ("x" * 300))
