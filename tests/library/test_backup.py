from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.models.progress import CancelledError
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Library
from musicmed_desktop.library.adopting import adopt
from musicmed_desktop.library.backup import MARK, back_up
from musicmed_desktop.library.index import INDEX
from musicmed_desktop.library.keys import KEYS, is_locked, open_keys, write_keys
from musicmed_desktop.library.repairing import repair
from musicmed_desktop.library.restoring import restore
from musicmed_desktop.library.verifying import verify
from tests.fakes.killing import ROOT, kill_while
from tests.fakes.libraries import PASSPHRASE, file_of, flip, locked_library, place_of, tree
from tests.fakes.sessions import NOON, interrupt_session, keep_session


@pytest.fixture(params=["plain", "locked"])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    return Library(tmp_path / "library") if request.param == "plain" else locked_library(tmp_path / "library")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "stick" / "backup"


def opened(folder: Path) -> Library:
    return Library(folder, PASSPHRASE if is_locked(folder) else None)


def test_a_backup_is_a_library_of_its_own(library: Library, target: Path) -> None:
    entry, gone = keep_session(library), keep_session(library, words="gone")
    library.change(entry.id, note="Slept at once.", after=Affect(0.5, -0.5))
    library.delete(gone.id)
    left = interrupt_session(library)
    done = back_up(library, target)
    assert set(done.new) == {entry.id, gone.id, left.id}
    assert (done.renewed, done.damaged) == ((), ())
    copy = opened(target)
    assert verify(copy) == ()
    assert (copy.entries(), copy.deleted(), copy.interrupted()) == (
        library.entries(),
        library.deleted(),
        library.interrupted(),
    )
    assert tree(target / "sessions") == tree(library.folder / "sessions")
    assert copy.record(entry.id) == library.record(entry.id)
    assert copy.keep(left).id == left.id


def test_only_what_is_new_is_copied_and_nothing_is_taken_away(library: Library, target: Path) -> None:
    first, second = keep_session(library), keep_session(library)
    back_up(library, target)
    assert back_up(library, target).new == ()
    times = {path: path.stat().st_mtime_ns for path in (target / "sessions").rglob("*.flac*")}
    third = keep_session(library)
    library.change(first.id, title="Evening")
    library.delete(second.id)
    library.purge(days=0)
    done = back_up(library, target)
    assert (done.new, done.renewed) == ((third.id,), (first.id,))
    copy = opened(target)
    assert {entry.title for entry in copy.entries()} == {"Evening", second.title, third.title}
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert verify(copy) == ()


def test_a_folder_name_that_was_free_again(tmp_path: Path, target: Path) -> None:
    library = Library(tmp_path / "library")
    first, other = keep_session(library), keep_session(library, words="other")
    back_up(library, target)
    library.delete(first.id)
    library.purge(days=0)
    second = keep_session(library)
    assert library.collection.index.folder(second.id) == opened(target).collection.index.folder(first.id)
    back_up(library, target)
    copy = opened(target)
    assert {entry.id for entry in copy.entries()} == {first.id, second.id, other.id}
    assert verify(copy) == ()


def test_a_session_that_is_recorded_meanwhile_is_left_out(library: Library, target: Path) -> None:
    entry = keep_session(library)
    found = interrupt_session(library)
    _, recording = library.resume(found)
    with recording:
        assert back_up(library, target).new == (entry.id,)
    assert back_up(library, target).new == (found.id,)


def test_a_damaged_session_does_not_replace_a_whole_one(library: Library, target: Path) -> None:
    entry, other = keep_session(library), keep_session(library)
    back_up(library, target)
    flip(file_of(library, entry.id, "session.flac"))
    library.change(entry.id, title="Evening")
    third = keep_session(library)
    file_of(library, third.id, "session.flac").unlink()
    assert back_up(library, target).damaged == (third.id,)
    copy = opened(target)
    assert verify(copy) == ()
    assert {each.id for each in copy.entries()} == {entry.id, other.id}


@pytest.mark.parametrize("place", ["library", "library/inside", ""])
def test_a_backup_does_not_lie_where_the_library_is(library: Library, tmp_path: Path, place: str) -> None:
    keep_session(library)
    before = tree(tmp_path)
    with pytest.raises(UserError, match="cannot lie where your sessions are"):
        back_up(library, tmp_path / place)
    assert tree(tmp_path) == before


def test_what_is_no_backup_is_left_alone(library: Library, tmp_path: Path) -> None:
    keep_session(library)
    other = Library(tmp_path / "other")
    keep_session(other)
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / "film.mkv").write_bytes(b"x")
    (tmp_path / "file").write_bytes(b"x")
    before = tree(tmp_path)
    for place in ("other", "films", "file"):
        with pytest.raises(UserError):
            back_up(library, tmp_path / place)
    assert tree(tmp_path) == before


def test_a_backup_of_somebody_else_is_left_alone(tmp_path: Path, target: Path) -> None:
    other, library = Library(tmp_path / "other"), Library(tmp_path / "library")
    keep_session(other)
    keep_session(library)
    back_up(other, target)
    before = tree(target)
    with pytest.raises(UserError, match="backup of other sessions"):
        back_up(library, target)
    assert tree(target) == before


def test_there_must_be_something(tmp_path: Path, target: Path) -> None:
    with pytest.raises(UserError, match="no sessions to back up"):
        back_up(Library(tmp_path / "none"), target)
    assert not target.exists()


def test_a_new_passphrase_is_taken_along_and_another_lock_refused(tmp_path: Path, target: Path) -> None:
    library = locked_library(tmp_path / "library")
    entry = keep_session(library)
    back_up(library, target)
    keys = open_keys(library.folder, PASSPHRASE)
    assert keys is not None
    write_keys(library.folder, keys, "another one")
    back_up(Library(library.folder, "another one"), target)
    assert Library(target, "another one").entries() == (entry,)
    plain = Library(tmp_path / "plain")
    keep_session(plain)
    with pytest.raises(UserError, match="before your sessions were locked or unlocked"):
        back_up(plain, target)
    stranger = locked_library(tmp_path / "stranger")
    keep_session(stranger)
    keys_before = (target / KEYS).read_bytes()
    with pytest.raises(UserError, match="another lock"):
        back_up(stranger, target)
    assert (target / KEYS).read_bytes() == keys_before


def test_killed_while_its_mark_was_written_it_goes_on(tmp_path: Path, target: Path) -> None:
    library = Library(tmp_path / "library")
    keep_session(library)
    target.mkdir(parents=True)
    (target / f".{MARK}.k7a3.part").touch()
    assert len(back_up(library, target).new) == 1
    assert (target / MARK).is_file()


def test_stopped_or_killed_it_goes_on(tmp_path: Path, target: Path) -> None:
    library = Library(tmp_path / "library")
    for _ in range(8):
        keep_session(library)
    program = f"""
import sys
from pathlib import Path
from musicmed_desktop.library import Library
from musicmed_desktop.library.backup import back_up
print("begun", flush=True)
back_up(Library(Path({str(library.folder)!r})), Path({str(target)!r}))
"""
    for seconds in (0.02, 0.05, 0.08):
        kill_while(program, seconds=seconds)
        if (target / INDEX).exists():
            assert verify(opened(target)) == ()
    asked = iter([False] * 5)
    with pytest.raises(CancelledError):
        back_up(library, tmp_path / "second", cancelled=lambda: next(asked, True))
    for folder in (target, tmp_path / "second"):
        assert (folder / MARK).is_file()
        back_up(library, folder)
        assert opened(folder).entries() == library.entries()
        assert verify(opened(folder)) == ()


def test_what_was_lost_comes_back(library: Library, target: Path, tmp_path: Path) -> None:
    entry, gone, kept = keep_session(library), keep_session(library), keep_session(library)
    library.change(gone.id, note="Slept at once.")
    left = interrupt_session(library)
    back_up(library, target)
    before = library.entries()
    library.change(kept.id, note="newer here")
    flip(file_of(library, entry.id, "session.flac"))
    file_of(library, entry.id, "session.json").unlink()
    library.delete(gone.id)
    library.purge(days=0)
    library.throw_away(left)
    done = restore(library, opened(target))
    assert set(done.back) == {gone.id, left.id}
    assert (done.mended, done.damaged) == ((entry.id,), ())
    assert verify(library) == ()
    assert {each.changed(note="") for each in library.entries()} == {each.changed(note="") for each in before}
    assert {each.id: each.note for each in library.entries()} == {
        entry.id: "",
        gone.id: "Slept at once.",
        kept.id: "newer here",
    }
    assert library.keep(library.interrupted()[0]).id == left.id
    assert restore(library, opened(target)) == restore(library, opened(target))
    empty = Library(tmp_path / "new computer")
    assert len(restore(empty, opened(target)).back) == 4
    assert verify(empty) == ()
    assert {each.id for each in empty.entries()} == {entry.id, gone.id, kept.id}


def test_a_folder_that_is_gone_comes_back_and_the_trash_stays_the_trash(library: Library, target: Path) -> None:
    entry, trashed = keep_session(library), keep_session(library)
    library.delete(trashed.id)
    back_up(library, target)
    shutil.rmtree(place_of(library, entry.id))
    library.purge(days=0)
    restore(library, opened(target))
    assert verify(library) == ()
    assert [each.id for each in library.deleted()] == [trashed.id]
    assert [each.id for each in library.entries()] == [entry.id]


def test_a_damaged_backup_does_no_harm(library: Library, target: Path) -> None:
    entry, other = keep_session(library), keep_session(library)
    back_up(library, target)
    library.delete(entry.id)
    library.purge(days=0)
    flip(file_of(opened(target), entry.id, "session.flac"))
    flip(file_of(library, other.id, "session.json"))
    flip(file_of(opened(target), other.id, "session.json"))
    before = tree(library.folder / "sessions")
    assert set(restore(library, opened(target)).damaged) == {entry.id, other.id}
    assert tree(library.folder / "sessions") == before


def test_after_a_lost_index_the_words_come_back_and_no_session_twice(tmp_path: Path, target: Path) -> None:
    library = Library(tmp_path / "library")
    entries = [library.change(keep_session(library).id, note=f"note {number}") for number in range(3)]
    back_up(library, target)
    (library.folder / INDEX).write_bytes(b"\0" * 8192)
    repair(library.folder)
    library = Library(library.folder)
    assert not {entry.id for entry in library.entries()} & {entry.id for entry in entries}
    assert len(restore(library, opened(target)).back) == 3
    assert set(library.entries()) == set(entries)
    assert verify(library) == ()
    assert adopt(library.collection, library.folder) == ()


def test_another_program_may_record_and_change_meanwhile(tmp_path: Path, target: Path) -> None:
    library = Library(tmp_path / "library")
    keep_session(library)
    program = f"""
import json, sys, time
from pathlib import Path
from musicmed_desktop.library import Library
from tests.fakes.sessions import NOON, keep_session
library = Library(Path({str(library.folder)!r}))
print("begun", flush=True)
ids = []
for number in range(15):
    entry = keep_session(library)
    library.change(entry.id, title=str(number))
    ids.append(entry.id)
    if number % 4 == 3:
        library.delete(ids[-2])
        library.purge(days=0)
print(json.dumps(ids), flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        while other.poll() is None:
            assert not back_up(library, target).damaged
            assert verify(opened(target)) == ()
        ids = json.loads(other.stdout.read())
    back_up(library, target)
    assert verify(library) == ()
    copy = opened(target)
    assert {entry.id for entry in copy.entries()} >= {entry.id for entry in library.entries()}
    assert len(library.entries()) == 1 + len(ids) - 3
    assert library.entries()[0].started == NOON


@pytest.mark.skipif(sys.platform != "linux", reason="a file that opens and cannot be read")
def test_a_bad_place_on_the_disk_does_not_keep_the_other_sessions_from_their_backup(
    library: Library, target: Path
) -> None:
    bad, whole = keep_session(library), keep_session(library)
    sound = file_of(library, bad.id, "session.flac")
    sound.unlink()
    sound.symlink_to("/proc/self/mem")  # EIO
    done = back_up(library, target)
    assert (done.damaged, done.new) == ((bad.id,), (whole.id,))
    assert verify(opened(target)) == ()


def test_a_clip_that_is_lost_in_the_backup_does_not_keep_the_other_sessions(library: Library, target: Path) -> None:
    left, entry = interrupt_session(library), keep_session(library)
    back_up(library, target)
    file_of(opened(target), left.id, "clips/001.flac").unlink()
    ours = Library(target.with_name("new"))
    done = restore(ours, opened(target))
    assert (done.back, done.damaged) == ((entry.id,), (left.id,))
    assert verify(ours) == ()
