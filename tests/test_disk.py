"""What a patient reads when a disk refuses, files that are whole at any moment, and locks."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from musicmed_desktop.disk import hold, occupied, unreadable, unwritable, write_whole
from musicmed_desktop.errors import UserError
from tests.fakes.editions import install, make_portable
from tests.fakes.killing import kill_while, small_disk

PATH = Path("sessions") / "music.flac"


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "The disk is full."),
        (errno.EDQUOT, "The disk is full."),
        (errno.EROFS, "The disk that holds sessions is read-only."),
        (errno.ENOENT, "There is no folder sessions."),
        (errno.EACCES, f"You may not write {PATH}."),
        (errno.EIO, f"{PATH} could not be written."),
    ],
)
def test_reasons_for_not_writing(number: int, sentence: str) -> None:
    error = unwritable(PATH, OSError(number, "reason"))
    assert error.title == sentence
    assert error.hint
    assert "reason" in error.detail


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOENT, f"There is no file {PATH}."),
        (errno.EISDIR, f"{PATH} is a folder, not a file."),
        (errno.EACCES, f"You may not read {PATH}."),
        (errno.EIO, f"{PATH} could not be read."),
    ],
)
def test_reasons_for_not_reading(number: int, sentence: str) -> None:
    error = unreadable(PATH, OSError(number, "reason"))
    assert error.title == sentence
    assert error.hint


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    write_whole(path, b"old")
    write_whole(path, b"new", settled=False)
    assert path.read_bytes() == b"new"
    assert [each.name for each in tmp_path.iterdir()] == ["settings.json"]


def test_where_it_cannot_be_written_nothing_changes(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        write_whole(tmp_path / "folder", b"new")
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "none" / "settings.json", b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["folder"]


@pytest.mark.skipif(os.name == "nt", reason="mounts are POSIX")
def test_a_full_disk_keeps_the_old_file(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        write_whole(disk / "settings.json", b"old")
        with pytest.raises(OSError, match="No space"):
            write_whole(disk / "settings.json", b"x" * 200_000)
        assert [each.name for each in disk.iterdir()] == ["settings.json"]
        assert (disk / "settings.json").read_bytes() == b"old"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    write_whole(tmp_path / "note.json", b"mine")
    assert stat.S_IMODE((tmp_path / "note.json").stat().st_mode) == 0o600


def test_a_lock_is_held_by_one_and_let_go_when_its_holder_is_killed(tmp_path: Path) -> None:
    program = """
import sys, time
from pathlib import Path
from musicmed_desktop.disk import hold
with Path(sys.argv[1]).open("ab") as lock, Path(sys.argv[1]).open("ab") as again:
    print(hold(lock), hold(again), flush=True)
    time.sleep(60)
"""
    assert kill_while(program, str(tmp_path / "lock"), seconds=0.0) == "True False\n"
    with (tmp_path / "lock").open("ab") as lock:
        assert hold(lock)


def test_a_folder_is_occupied_by_one_at_a_time(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "one"
    with occupied(folder, "training"), pytest.raises(UserError, match="Another training"), occupied(folder, "training"):
        pass
    with occupied(folder, "training"):
        assert folder.is_dir()


def test_a_file_cannot_be_occupied(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "inside"):
        with pytest.raises(UserError), occupied(place, "training"):
            pass


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_who_has_a_portable_program_is_not_asked_to_choose_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    data = make_portable(monkeypatch, tmp_path)
    install(monkeypatch, tmp_path, light=True)
    kept = unwritable(data / "sessions" / "music.flac", OSError(number, "reason"))
    assert kept.hint.startswith("MusicMed keeps everything beside itself here, in “MusicMed data”.")
    exported = unwritable(tmp_path / "copy.flac", OSError(number, "reason"))
    assert "beside itself" not in exported.hint
