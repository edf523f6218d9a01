from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest

from musicmed_desktop.errors import UserError
from musicmed_desktop.library.sealing import new_key
from musicmed_desktop.library.shelf import Shelf, StoredFile
from tests.fakes.killing import small_disk

KEY = new_key()


@pytest.fixture(params=["plain", "locked"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path / "sessions", KEY if request.param == "locked" else None)
    shelf.make("first")
    return shelf


def on_disk(shelf: Shelf) -> list[str]:
    return sorted(path.relative_to(shelf.place).as_posix() for path in shelf.place.rglob("*") if path.is_file())


def test_what_is_written_is_read(shelf: Shelf) -> None:
    stored = shelf.write("first", "clips/003.flac", b"music" * 1000)
    assert shelf.read("first", "clips/003.flac") == b"music" * 1000
    assert shelf.has("first", "clips/003.flac")
    assert shelf.stored("first", "clips/003.flac") == stored
    assert on_disk(shelf) == ["first/clips/003.flac" + (".sealed" if shelf.locked else "")]
    with shelf.open("first", "clips/003.flac") as file:
        file.seek(5)
        assert file.read(5) == b"music"


def test_the_hash_is_that_of_the_file_on_the_disk(shelf: Shelf) -> None:
    stored = shelf.write("first", "session.json", b"{}")
    raw = shelf.path("first", "session.json").read_bytes()
    assert stored == StoredFile("session.json", len(raw), sha256(raw).hexdigest())
    assert (raw == b"{}") is not shelf.locked


def test_a_file_that_grows_is_there_when_it_is_finished(shelf: Shelf) -> None:
    growing = shelf.grow("first", "session.flac")
    growing.file.write(b"ab")
    growing.file.write(b"c")
    assert not shelf.has("first", "session.flac")
    stored = growing.finish()
    growing.discard()  # without effect
    assert shelf.read("first", "session.flac") == b"abc"
    assert shelf.stored("first", "session.flac") == stored
    assert len(on_disk(shelf)) == 1


def test_a_file_that_is_discarded_leaves_nothing(shelf: Shelf) -> None:
    growing = shelf.grow("first", "session.flac")
    growing.file.write(b"ab")
    growing.discard()
    assert on_disk(shelf) == []


def test_nothing_readable_is_on_the_disk_of_a_locked_library_while_a_file_grows(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, KEY)
    shelf.make("first")
    growing = shelf.grow("first", "session.flac")
    growing.file.write(b"fLaC" * 100_000)
    growing.file.flush()
    assert not any(b"fLaC" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    growing.finish()
    assert not any(b"fLaC" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_sealed_files_cannot_be_swapped_or_changed(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, KEY)
    for folder in ("first", "second"):
        shelf.make(folder)
        shelf.write(folder, "session.json", folder.encode())
    path = shelf.path("first", "session.json")
    whole = path.read_bytes()
    path.write_bytes(shelf.path("second", "session.json").read_bytes())
    with pytest.raises(UserError, match="is damaged"):
        shelf.read("first", "session.json")
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(UserError, match="is damaged"):
        shelf.read("first", "session.json")
    with pytest.raises(UserError, match="is damaged"):
        Shelf(tmp_path, new_key()).read("second", "session.json")


def test_what_is_missing_is_told(shelf: Shelf) -> None:
    for act in (shelf.read, shelf.open, shelf.stored):
        with pytest.raises(UserError, match="There is no file"):
            act("first", "session.json")
    shelf.remove("never")
    assert list(Shelf(shelf.place / "none").folders()) == []


def test_a_folder_is_removed_with_all_in_it(shelf: Shelf) -> None:
    shelf.write("first", "clips/000.flac", b"x")
    shelf.make("second")
    assert list(shelf.folders()) == ["first", "second"]
    shelf.remove("first")
    assert list(shelf.folders()) == ["second"]
    with pytest.raises(UserError):
        shelf.make("second")


@pytest.mark.skipif(os.name == "nt", reason="mounts are POSIX")
def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "size=200k") as disk:
        shelf = Shelf(disk)
        shelf.make("first")
        shelf.write("first", "session.json", b"old")
        with pytest.raises(UserError, match="The disk is full"):
            shelf.write("first", "session.json", b"x" * 300_000)
        assert shelf.read("first", "session.json") == b"old"
        growing = shelf.grow("first", "session.flac")
        with pytest.raises(OSError, match="No space left"):
            growing.file.write(b"x" * 300_000)
        growing.discard()
        assert on_disk(shelf) == ["first/session.json"]


def test_what_cannot_be_looked_at_is_not_called_missing(shelf: Shelf) -> None:
    assert not shelf.has("first", "session.flac")
    with pytest.raises(UserError, match="could not be read"):
        shelf.has("x" * 300, "session.flac")
