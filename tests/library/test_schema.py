from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Library
from musicmed_desktop.library.database import DamagedIndexError, Database
from musicmed_desktop.library.schema import STEPS, Step, copy_of, migrate
from tests.fakes.sessions import keep_session

NOTED: Step = (
    "ALTER TABLE sessions ADD COLUMN therapist TEXT NOT NULL DEFAULT ''",
    "UPDATE sessions SET therapist = note",
)
BROKEN: Step = ("CREATE TABLE halves (a)", "CREATE NONSENSE")


def version(database: Database) -> int:
    with database.connected() as connection:
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
        return found


def test_a_step_is_done_once_and_a_copy_is_made_before(tmp_path: Path) -> None:
    library = Library(tmp_path)
    entry = keep_session(library)
    library.change(entry.id, note="before")
    database = Database(library.collection.index.database.path)  # which does not know how new it may be
    migrate(database, (*STEPS, NOTED))
    assert version(database) == len(STEPS) + 1
    with database.connected() as connection:
        assert connection.execute("SELECT therapist FROM sessions").fetchone()[0] == "before"
    copy = Database(copy_of(database.path, len(STEPS)))
    assert version(copy) == len(STEPS)
    with copy.connected() as connection:
        assert connection.execute("SELECT note FROM sessions").fetchone()[0] == "before"
    migrate(database, (*STEPS, NOTED))
    assert version(database) == len(STEPS) + 1


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    library = Library(tmp_path)
    entry = keep_session(library)
    database = library.collection.index.database
    with pytest.raises(Exception, match="NONSENSE"):
        migrate(database, (*STEPS, BROKEN))
    assert version(database) == len(STEPS)
    assert Library(tmp_path).entries() == (entry,)
    with database.connected() as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'halves'").fetchone()[0] == 0


def test_a_library_of_a_newer_version_is_refused_and_not_touched(tmp_path: Path) -> None:
    library = Library(tmp_path)
    keep_session(library)
    migrate(library.collection.index.database, (*STEPS, NOTED))
    before = (tmp_path / "library.sqlite3").read_bytes()
    with pytest.raises(UserError, match="newer version of MusicMed"):
        Library(tmp_path)
    with pytest.raises(UserError, match="newer version of MusicMed"):
        library.entries()  # by a window that was open when another program migrated
    assert (tmp_path / "library.sqlite3").read_bytes() == before


def _open(folder: Path) -> None:
    keep_session(Library(folder))


def test_two_programs_that_make_a_library_at_once_make_one(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    programs = [context.Process(target=_open, args=(tmp_path,)) for _ in range(2)]
    for program in programs:
        program.start()
    for program in programs:
        program.join()
    assert [program.exitcode for program in programs] == [0, 0]
    assert len(Library(tmp_path).entries()) == 2


@pytest.mark.parametrize("content", [b"no database" * 1000, bytes(5000), b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_file_that_is_no_index_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "library.sqlite3").write_bytes(content)
    with pytest.raises(DamagedIndexError, match="list of your sessions is damaged"):
        Library(tmp_path)
    assert (tmp_path / "library.sqlite3").read_bytes() == content


def test_an_empty_index_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite3").touch()
    library = Library(tmp_path)
    assert library.entries() == ()
    entry = keep_session(library)
    assert library.entries() == (entry,)
