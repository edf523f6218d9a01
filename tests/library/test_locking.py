"""A locked library tells nothing to who has no passphrase, and becomes locked and unlocked in one moment."""

from __future__ import annotations

import os
import shutil
import threading
import time
from contextlib import suppress
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random

import pytest

from musicmed_desktop.engines.models.progress import CancelledError, Progress
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Library, LibraryRecording
from musicmed_desktop.library import sealing as seals
from musicmed_desktop.library.locking import (
    LockedError,
    WrongPassphraseError,
    change_passphrase,
    is_locked,
    lock,
    unlock,
)
from musicmed_desktop.library.schema import STEPS, migrate
from musicmed_desktop.library.turning import PREPARED, busy, preparing
from musicmed_desktop.library.verifying import verify
from musicmed_desktop.session.runner import SessionRunner
from tests.fakes.dying import calls_of, dies_at, dies_within, ended, forked
from tests.fakes.engines import ToneEngine, ToneRecognizer
from tests.fakes.killing import small_disk
from tests.fakes.recordings import walk
from tests.fakes.sessions import NOON, interrupt_session, keep_session

FIRST, SECOND = "four words are best", "and four other words"
TITLE, NOTE = "Mein Titel", "Streit mit Ruth am Morgen"
CONTENTS = (
    *(TITLE.encode(), NOTE.encode(), b"anxious", b"Ruth", b"2026-05-03", b"valence", b"tones", b"<svg"),
    *(b"fLaC\0\0\0\x22", b"SQLite format 3", b'"prescription"', b"CREATE TABLE"),
)
NAMES = ("anxious", "calm", "2026", TITLE, "Ruth")
posix = pytest.mark.skipif(os.name == "nt", reason="fork and mounts are POSIX")


@pytest.fixture(autouse=True)
def cheap_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cost of a guess is the business of test_sealing."""
    monkeypatch.setitem(seals._SCRYPT, "n", 2**4)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with a session that was kept, one in the trash, and one that was interrupted."""
    library = Library(tmp_path_factory.mktemp("made") / "library")
    kept = keep_session(library, words="anxious to calm")
    library.change(kept.id, title=TITLE, note=NOTE)
    library.delete(keep_session(library, words="anxious to calm", start="calm").id)
    interrupt_session(library)
    return library.folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "library"))


def told_by(folder: Path, passphrase: str | None = None) -> dict[str, object]:
    """All that a library holds, as it can be read; and nothing in it is wrong."""
    library = Library(folder, passphrase)
    assert verify(library) == ()
    index, held = library.collection.index, dict[str, object]()
    for entry in (*library.entries(), *library.deleted()):
        with library.sound(entry.id) as sound:
            digest = sha256(sound.read()).hexdigest()
        held[entry.id] = (entry, library.record(entry.id), digest, index.clips(entry.id))
    for found in library.interrupted():
        samples = sha256(b"".join(pcm.tobytes() for pcm in library.collection.clips(found.id))).hexdigest()
        held[found.id] = (found, samples, index.clips(found.id))
    return held


def readable_in(folder: Path) -> list[str]:
    """What can be read in the folder, and where."""
    paths = [path for path in folder.rglob("*") if path.name != "library.busy"]
    names = [str(path) for path in paths if any(word in str(path.relative_to(folder)) for word in NAMES)]
    files = [(path, path.read_bytes()) for path in paths if path.is_file()]
    return names + [f"{word!r} in {path}" for path, content in files for word in CONTENTS if word in content]


def tree(folder: Path) -> dict[str, str]:
    paths = [
        path for path in sorted(folder.rglob("*")) if not path.name.startswith(("library.busy", "library.sqlite3"))
    ]
    return {str(path.relative_to(folder)): path.read_bytes().hex() if path.is_file() else "" for path in paths}


# --- locked and unlocked


def test_locking_hides_everything_and_unlocking_brings_everything_back(folder: Path) -> None:
    before = told_by(folder)
    assert len(before) == 3
    assert len(readable_in(folder)) > len(CONTENTS)
    lock(folder, FIRST)
    assert is_locked(folder)
    assert readable_in(folder) == []
    assert {path.name for path in (folder / "sessions").iterdir()} == set(before)
    assert told_by(folder, FIRST) == before
    assert readable_in(folder) == []
    unlock(folder, FIRST)
    assert not is_locked(folder)
    assert told_by(folder) == before
    named = {path.name for path in (folder / "sessions").iterdir()}
    assert {"2026-05-03 12-00-00 anxious to calm", "2026-05-03 12-00-00 calm"} < named
    assert not [path for path in folder.rglob("*") if path.suffix == ".sealed" or path.name == "library.key"]


def test_only_the_passphrase_opens_it(folder: Path) -> None:
    lock(folder, FIRST)
    with pytest.raises(LockedError):
        Library(folder)
    with pytest.raises(WrongPassphraseError):
        Library(folder, SECOND)
    with pytest.raises(WrongPassphraseError):
        unlock(folder, SECOND)
    assert is_locked(folder)
    assert not (folder / PREPARED).exists()
    assert len(told_by(folder, FIRST)) == 3


def test_a_changed_passphrase_is_the_only_one(folder: Path) -> None:
    before = told_by(folder)
    lock(folder, FIRST)
    change_passphrase(folder, FIRST, SECOND)
    with pytest.raises(WrongPassphraseError):
        Library(folder, FIRST)
    with pytest.raises(WrongPassphraseError):
        change_passphrase(folder, FIRST, SECOND)
    assert told_by(folder, SECOND) == before


def test_short_passphrases_are_refused(folder: Path) -> None:
    for short in ("", "seven77", "    a    "):
        with pytest.raises(UserError, match="too short"):
            lock(folder, short)
    lock(folder, "eight888")
    with pytest.raises(UserError, match="too short"):
        change_passphrase(folder, "eight888", "seven77")
    assert len(told_by(folder, "eight888")) == 3


def test_what_is_done_already_is_said(folder: Path) -> None:
    with pytest.raises(UserError, match="not locked"):
        unlock(folder, FIRST)
    with pytest.raises(UserError, match="not locked"):
        change_passphrase(folder, FIRST, SECOND)
    lock(folder, FIRST)
    with pytest.raises(UserError, match="locked already"):
        lock(folder, SECOND)
    assert len(told_by(folder, FIRST)) == 3


def test_a_library_can_be_locked_before_its_first_session(tmp_path: Path) -> None:
    lock(tmp_path / "new", FIRST)
    entry = keep_session(Library(tmp_path / "new", FIRST))
    assert readable_in(tmp_path / "new") == []
    unlock(tmp_path / "new", FIRST)
    assert Library(tmp_path / "new").entries() == (entry,)


# --- what is done in a locked library leaves nothing to read


def test_recording_in_a_locked_library_leaves_nothing_to_read(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    lock(folder, FIRST)
    library = Library(folder, FIRST)
    recording = library.recording(NOON, "anxious to calm")
    seen: list[str] = []
    with recording:
        for _ in SessionRunner(walk(minutes=1.0), ToneEngine(), ToneRecognizer(), recording, tries=1).run():
            seen += readable_in(folder)
    assert recording.entry is not None
    assert seen == []
    library.change(recording.id, title=TITLE, note=NOTE)
    with library.sound(recording.id) as sound:
        assert sound.read(4) == b"fLaC"
    assert readable_in(folder) == []


def test_all_else_in_a_locked_library_leaves_nothing_to_read(folder: Path) -> None:
    lock(folder, FIRST)
    library = Library(folder, FIRST)
    (found,) = library.interrupted()
    library.keep(found)
    library.settle()
    interrupt_session(library)
    for entry in library.entries():
        library.change(entry.id, note=f"{NOTE} {entry.id}")
        library.delete(entry.id)
    assert readable_in(folder) == []
    assert library.purge(days=0) == 3
    library.settle()
    assert verify(library) == ()
    assert readable_in(folder) == []


def test_the_copy_made_before_a_migration_is_locked_too(folder: Path) -> None:
    lock(folder, FIRST)
    migrate(Library(folder, FIRST).collection.index.database, (*STEPS, ("CREATE TABLE more (x TEXT) STRICT",)))
    assert [path.name for path in folder.glob("*.version-*")] == [f"library.sqlite3.version-{len(STEPS)}"]
    assert readable_in(folder) == []


def test_older_copies_of_the_index_are_removed(folder: Path) -> None:
    (folder / "library.sqlite3.version-0").write_bytes(b"SQLite format 3")
    lock(folder, FIRST)
    assert readable_in(folder) == []


def test_the_version_of_the_index_is_carried_over(folder: Path) -> None:
    lock(folder, FIRST)
    for passphrase in (FIRST, None):
        with Library(folder, passphrase).collection.index.database.connected() as connection:
            assert connection.execute("PRAGMA user_version").fetchone()[0] == len(STEPS)
        if passphrase:
            unlock(folder, passphrase)


# --- others


def test_what_others_change_meanwhile_is_locked_as_well(folder: Path) -> None:
    other = Library(folder)
    (old,), (found,) = other.entries(), other.interrupted()
    left: list[str] = []

    def meddle(_: Progress) -> None:
        if not left:
            left.append(keep_session(other).id)
            other.change(old.id, title="A new title")
            other.purge(days=0)
            other.keep(found)

    lock(folder, FIRST, meddle)
    library = Library(folder, FIRST)
    assert {entry.id for entry in library.entries()} == {old.id, found.id, *left}
    assert library.collection.index.entry(old.id).title == "A new title"
    assert len(told_by(folder, FIRST)) == 3
    assert readable_in(folder) == []
    with pytest.raises(UserError, match="locked in another window"):
        other.entries()


@posix
def test_another_program_loses_no_word_that_it_was_told_is_stored(folder: Path) -> None:
    (entry,) = Library(folder).entries()
    for passphrase, turn in ((None, lock), (FIRST, unlock)):
        other, (reading, writing) = Library(folder, passphrase), os.pipe()
        child = forked(partial(_retitle, other, entry.id, writing))
        os.close(writing)
        with os.fdopen(reading) as told:
            first = told.readline()  # it is at it
            turn(folder, FIRST)
            last = [first, *told][-1]
        assert ended(child) == 0
        assert Library(folder, FIRST).collection.index.entry(entry.id).title == last.strip()
    assert len(told_by(folder)) == 3


def _retitle(library: Library, id: str, told: int) -> None:
    with suppress(UserError):
        for number in count():
            library.change(id, title=f"Title {number}")
            os.write(told, f"Title {number}\n".encode())
            time.sleep(0.001)


def test_who_had_it_open_is_told_and_harms_nothing(folder: Path) -> None:
    plain = Library(folder)
    (entry,), (found,) = plain.entries(), plain.interrupted()
    lock(folder, FIRST)
    acts = (
        lambda: plain.change(entry.id, title="late"),
        lambda: plain.recording(NOON, "anxious to calm"),
        lambda: plain.keep(found),
        lambda: plain.purge(0),
        plain.settle,
    )
    for act in acts:
        with pytest.raises(UserError, match="Your sessions were locked in another window"):
            act()
    assert readable_in(folder) == []
    locked = Library(folder, FIRST)
    unlock(folder, FIRST)
    with pytest.raises(UserError, match="Your sessions were unlocked in another window"):
        locked.change(entry.id, title="late")
    assert told_by(folder)[entry.id] is not None


def test_a_running_session_is_not_disturbed(folder: Path) -> None:
    library = Library(folder)
    with library.recording(NOON), pytest.raises(UserError, match="running"):
        lock(folder, FIRST)
    assert not is_locked(folder)
    assert not (folder / PREPARED).exists()
    lock(folder, FIRST)
    locked = Library(folder, FIRST)
    with locked.recording(NOON), pytest.raises(UserError, match="running"):
        unlock(folder, FIRST)
    assert is_locked(folder)


def test_a_session_that_begins_meanwhile_is_not_disturbed(folder: Path) -> None:
    library, begun = Library(folder), list[LibraryRecording]()

    def begin(_: Progress) -> None:
        if not begun:
            begun.append(library.recording(NOON))

    with pytest.raises(UserError, match="running"):
        lock(folder, FIRST, begin)
    begun[0].discard()
    assert not is_locked(folder)
    assert len(told_by(folder)) == 3


def test_it_waits_for_who_is_reading(folder: Path) -> None:
    reading, done = threading.Event(), threading.Event()

    def read() -> None:
        with Library(folder).collection.index.database.connected() as connection:
            connection.execute("BEGIN")
            connection.execute("SELECT * FROM sessions").fetchall()
            reading.set()
            time.sleep(0.3)
            done.set()

    reader = threading.Thread(target=read)
    reader.start()
    reading.wait()
    lock(folder, FIRST)
    assert done.is_set()
    reader.join()
    assert len(told_by(folder, FIRST)) == 3


def test_two_do_not_lock_at_once(folder: Path) -> None:
    with busy(folder):
        for act in (lock, unlock):
            with pytest.raises(UserError, match="in another window"):
                act(folder, FIRST)
    with preparing(folder) as place:
        assert len(Library(folder).entries()) == 1  # who comes meanwhile does not disturb it
        assert place.exists()
    place.mkdir()
    Library(folder)
    assert not place.exists()


# --- what is not as it should be


@pytest.mark.parametrize(
    "name", ["sessions/2026-05-03 12-00-00 calm/my notes.txt", "sessions/other/x", "library.sqlite3.damaged-1"]
)
def test_files_of_others_are_named_and_left_alone(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("mine")
    before = tree(folder)
    with pytest.raises(UserError, match="none of them") as refused:
        lock(folder, FIRST)
    assert name in refused.value.hint
    assert tree(folder) == before
    (folder / name).unlink()
    lock(folder, FIRST)
    assert readable_in(folder) == []


def test_what_systems_and_killed_programs_leave_is_no_hindrance(folder: Path) -> None:
    session = folder / "sessions" / "2026-05-03 12-00-00 anxious to calm"
    for name in (".DS_Store", "Thumbs.db", "._session.flac", ".session.flac.part", "recording"):
        (session / name).write_text("anxious")
    (session / "clips").mkdir()
    (session / "clips" / "000.flac").write_text("anxious")
    (folder / "sessions" / ".gone.removed").mkdir()
    (folder / "sessions" / ".gone.removed" / "session.json").write_text("anxious")
    lock(folder, FIRST)
    assert readable_in(folder) == []
    assert len(told_by(folder, FIRST)) == 3


def test_missing_and_damaged_files_stay_known_as_such(folder: Path) -> None:
    session = folder / "sessions" / "2026-05-03 12-00-00 anxious to calm"
    (session / "trajectory.svg").unlink()
    (session / "session.flac").write_bytes((session / "session.flac").read_bytes()[:-1])
    before = {problem.sentence for problem in verify(Library(folder))}
    assert len(before) == 2
    lock(folder, FIRST)
    assert {problem.sentence for problem in verify(Library(folder, FIRST))} == before
    unlock(folder, FIRST)
    assert {problem.sentence for problem in verify(Library(folder))} == before


def test_a_damaged_locked_session_keeps_the_library_locked(folder: Path) -> None:
    lock(folder, FIRST)
    path = next(folder.rglob("session.flac.sealed"))
    path.write_bytes(path.read_bytes()[:-1])
    before = tree(folder)
    with pytest.raises(UserError, match="The session of 2026-05-03 12:00 cannot be read"):
        unlock(folder, FIRST)
    assert tree(folder) == before


def test_it_can_be_stopped(folder: Path) -> None:
    before = tree(folder)
    with pytest.raises(CancelledError):
        lock(folder, FIRST, cancelled=lambda: True)
    assert tree(folder) == before


@posix
def test_too_little_room_is_said_before(made: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "size=2m") as disk:
        folder = Path(shutil.copytree(made, disk / "library"))
        (disk / "filler").write_bytes(bytes(shutil.disk_usage(disk).free - 500_000))
        with pytest.raises(UserError, match="not enough room"):
            lock(folder, FIRST)
        assert len(told_by(folder)) == 3


@posix
def test_a_disk_that_fills_up_leaves_the_library_as_it_was(made: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "size=40m") as disk:
        folder = Path(shutil.copytree(made, disk / "library"))
        before, filler = tree(folder), disk / "filler"
        free = shutil.disk_usage(disk).free

        def fill(_: Progress) -> None:
            if not filler.exists():
                filler.write_bytes(bytes(shutil.disk_usage(disk).free - 400_000))

        with pytest.raises(UserError, match="The disk is full"):
            lock(folder, FIRST, fill)
        filler.unlink()
        assert tree(folder) == before
        assert shutil.disk_usage(disk).free == pytest.approx(free, abs=100_000)
        lock(folder, FIRST)
        assert len(told_by(folder, FIRST)) == 3


# --- killed


def check_survived(folder: Path, before: dict[str, object], passphrases: tuple[str, ...]) -> None:
    """The library opens with one of the passphrases, or without any; all is there, and hidden where it is locked."""
    fits = [passphrase for passphrase in passphrases if _opens(folder, passphrase)]
    assert len(fits) == (1 if is_locked(folder) else len(passphrases))
    assert told_by(folder, fits[0]) == before
    left = {path.name for path in folder.iterdir() if not path.name.startswith("library.sqlite3")}
    assert left <= {"sessions", "library.busy", "library.key"}
    if is_locked(folder):
        assert readable_in(folder) == []


def _opens(folder: Path, passphrase: str) -> bool:
    try:
        Library(folder, passphrase)
    except WrongPassphraseError:
        return False
    return True


def _turn(folder: Path) -> None:
    if is_locked(folder):
        unlock(folder, FIRST)
    else:
        lock(folder, FIRST)


@posix
@pytest.mark.parametrize("locks", [True, False])
def test_a_killed_one_is_undone_or_completed(folder: Path, locks: bool) -> None:
    before = told_by(folder)
    if not locks:
        lock(folder, FIRST)
    trial = Path(shutil.copytree(folder, folder.with_name("trial")))
    calls = calls_of(lambda: _turn(trial))
    states = set()
    for number in (1, calls // 2, *range(calls - 26, calls + 1, 4)):
        copy = Path(shutil.copytree(folder, folder.with_name(f"killed-{number}")))
        assert dies_at(number, partial(_turn, copy))
        check_survived(copy, before, (FIRST,))
        states.add(is_locked(copy))
    assert states == {True, False}


@posix
def test_a_killed_change_leaves_one_passphrase(folder: Path) -> None:
    before = told_by(folder)
    lock(folder, FIRST)
    fits = set()
    for number in range(1, calls_of(lambda: change_passphrase(folder, FIRST, SECOND)) + 1):
        if _opens(folder, SECOND):
            change_passphrase(folder, SECOND, FIRST)
        assert dies_at(number, lambda: change_passphrase(folder, FIRST, SECOND))
        check_survived(folder, before, (FIRST, SECOND))
        fits.add(_opens(folder, SECOND))
    assert fits == {True, False}


@posix
@pytest.mark.slow
@pytest.mark.parametrize("locks", [True, False])
def test_a_killed_one_is_undone_or_completed_whenever_it_is(folder: Path, locks: bool) -> None:
    before = told_by(folder)
    if not locks:
        lock(folder, FIRST)
    trial = Path(shutil.copytree(folder, folder.with_name("trial")))
    calls = calls_of(lambda: _turn(trial))
    for number in range(1, calls + 1):
        copy = Path(shutil.copytree(folder, folder.with_name("killed")))
        assert dies_at(number, partial(_turn, copy))
        check_survived(copy, before, (FIRST,))
        shutil.rmtree(copy)


@posix
@pytest.mark.slow
def test_one_killed_at_a_moment_of_chance_is_undone_or_completed(folder: Path) -> None:
    before, chance, killed = told_by(folder), Random(1), 0
    for _ in range(200):
        killed += dies_within(chance.uniform(0.0, 0.2), partial(_turn, folder))
        check_survived(folder, before, (FIRST,))
    assert killed > 100
