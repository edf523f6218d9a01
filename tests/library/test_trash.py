from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Library
from musicmed_desktop.library.index import INDEX
from musicmed_desktop.library.rebuilding import WORKSHOP
from tests.fakes.libraries import place_of, settle_log
from tests.fakes.sessions import NOON, keep_session

NOTE = "Unforgettable"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


def traces(library: Library) -> list[str]:
    return [path.name for path in library.folder.rglob("*") if path.is_file() and NOTE.encode() in path.read_bytes()]


def test_a_clock_that_was_set_back_keeps_nothing_in_the_trash(library: Library) -> None:
    entry = keep_session(library)
    library.change(entry.id, note=NOTE, deleted=datetime.now(UTC) + timedelta(days=3))
    assert library.purge() == 0
    assert library.purge(days=0) == 1
    assert library.deleted() == ()
    assert traces(library) == []


def test_a_session_that_cannot_be_removed_leaves_no_trace_of_the_others(library: Library) -> None:
    stuck, entry = keep_session(library), keep_session(library, NOON + timedelta(days=1))
    library.change(entry.id, note=NOTE)
    folder = place_of(library, stuck.id)
    folder.with_name(f".{folder.name}.removed").touch()  # where it would go
    library.delete(stuck.id)
    library.delete(entry.id)
    with library.collection.index.database.connected():  # as of another program: the log stays
        with pytest.raises(UserError, match="could not be removed"):
            library.purge(days=0)
        assert traces(library) == []
    assert [each.id for each in library.deleted()] == [stuck.id]


def test_what_a_killed_repair_left_is_forgotten_too(library: Library) -> None:
    entry = library.change(keep_session(library).id, note=NOTE)
    settle_log(library)
    (library.folder / WORKSHOP).mkdir()
    shutil.copy(library.folder / INDEX, library.folder / WORKSHOP / "source-0")
    library.delete(entry.id)
    assert library.purge(days=0) == 1
    assert traces(library) == []


def test_who_reads_meanwhile_is_named_and_the_log_is_not_called_empty(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.delete(library.change(keep_session(library).id, note=NOTE).id)
    monkeypatch.setattr("musicmed_desktop.library.database.PATIENCE_S", 0.05)
    with library.collection.index.database.connected() as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sessions").fetchone()
        with pytest.raises(UserError, match="Another program is busy"):
            library.purge(days=0)
