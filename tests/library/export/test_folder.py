from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from musicmed_desktop.errors import UserError
from musicmed_desktop.library.export.folder import export_folder, plain_files
from tests.fakes.killing import small_disk

posix = pytest.mark.skipif(os.name == "nt", reason="mounts are POSIX")


@pytest.fixture
def session(sound: Path) -> Path:
    (sound.parent / "session.json").write_bytes(b"{}")
    (sound.parent / "note.txt").write_bytes(b"only mine")
    return sound.parent


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_files_of_a_session_go_and_nothing_else(session: Path, stick: Path) -> None:
    expected = {name: (session / name).read_bytes() for name in ("session.flac", "session.json")}
    first = export_folder(plain_files(session), "2026-05-03 From anxious to calm", stick)
    second = export_folder(plain_files(session), "2026-05-03 From anxious to calm", stick)
    assert [first.name, second.name] == ["2026-05-03 From anxious to calm", "2026-05-03 From anxious to calm (2)"]
    assert contents(first) == contents(second) == expected
    assert set(stick.iterdir()) == {first, second}


def test_files_that_are_not_in_a_folder_go_too(stick: Path) -> None:
    files = {"session.json": lambda: io.BytesIO(b"{}"), "../escape": lambda: io.BytesIO(b"x")}
    folder = export_folder(files, "../a:b", stick)
    assert folder.parent == stick
    assert contents(folder) == {"session.json": b"{}"}
    assert set(stick.iterdir()) == {folder}


def test_a_file_that_cannot_be_read_leaves_nothing(session: Path, stick: Path) -> None:
    def locked() -> io.BytesIO:
        raise UserError("The library is locked.")

    with pytest.raises(UserError, match="locked"):
        export_folder({**plain_files(session), "trajectory.svg": locked}, "a", stick)
    assert not list(stick.iterdir())


def test_a_place_that_is_not_there_is_told(session: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no folder"):
        export_folder(plain_files(session), "a", tmp_path / "none")
    assert not (tmp_path / "none").exists()


@posix
def test_a_full_disk_is_told_and_leaves_nothing(session: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "stick") as disk:
        with pytest.raises(UserError, match="The disk is full"):
            export_folder(plain_files(session), "a", disk)
        assert not list(disk.iterdir())
