from __future__ import annotations

import os
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import soundfile

from musicmed_desktop.audio.files import Format
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Entry, Library
from musicmed_desktop.session.record import SessionRecord
from tests.fakes.killing import small_disk
from tests.fakes.sessions import SECONDS, keep_session

posix = pytest.mark.skipif(os.name == "nt", reason="mounts are POSIX")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


@pytest.fixture
def entry(library: Library) -> Entry:
    entry = keep_session(library).changed(note="only mine")
    library.save(entry)
    return entry


@pytest.mark.parametrize("format", get_args(Format))
def test_the_sound_goes_to_a_file(library: Library, entry: Entry, tmp_path: Path, format: Format) -> None:
    target = tmp_path / f"für Anna 🎧.{format}"
    target.write_bytes(b"what was there before")
    library.export(entry.id, target, format)
    assert soundfile.info(target).duration == pytest.approx(SECONDS, abs=0.1)
    if format in ("flac", "wav"):
        original, _ = soundfile.read(library.audio(entry.id), dtype="int16")
        copy, _ = soundfile.read(target, dtype="int16")
        np.testing.assert_array_equal(copy, original)
    assert {path.name for path in tmp_path.iterdir()} == {"library", target.name}


def test_the_folder_goes_without_the_listeners_words(library: Library, entry: Entry, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    first = library.export_folder(entry.id, tmp_path / "stick")
    second = library.export_folder(entry.id, tmp_path / "stick")
    assert first.name == entry.id != second.name
    assert {path.name for path in (tmp_path / "stick").iterdir()} == {first.name, second.name}
    for folder in (first, second):
        assert {path.name for path in folder.iterdir()} == {"session.flac", "session.json", "trajectory.svg"}
        assert not any(b"only mine" in path.read_bytes() for path in folder.iterdir())
        assert SessionRecord.model_validate_json((folder / "session.json").read_bytes()) == library.record(entry.id)


def test_a_place_that_is_not_there_is_told(library: Library, entry: Entry, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no folder"):
        library.export(entry.id, tmp_path / "none" / "a.wav", "wav")
    with pytest.raises(UserError, match="is a folder"):
        library.export(entry.id, tmp_path / "library", "wav")
    with pytest.raises(UserError, match="There is no folder"):
        library.export_folder(entry.id, tmp_path / "none")
    assert {path.name for path in tmp_path.iterdir()} == {"library"}


def test_damaged_music_is_told_and_leaves_no_half_copy(library: Library, entry: Entry, tmp_path: Path) -> None:
    sound = library.audio(entry.id)
    sound.write_bytes(sound.read_bytes()[:1000])
    with pytest.raises(UserError, match="damaged"):
        library.export(entry.id, tmp_path / "a.wav", "wav")
    assert {path.name for path in tmp_path.iterdir()} == {"library"}


@posix
def test_a_full_disk_is_told_and_keeps_the_file_that_was_there(library: Library, entry: Entry, tmp_path: Path) -> None:
    with small_disk(tmp_path / "stick") as disk:
        (disk / "a.wav").write_bytes(b"old")
        with pytest.raises(UserError, match="The disk is full"):
            library.export(entry.id, disk / "a.wav", "wav")
        with pytest.raises(UserError, match="The disk is full"):
            library.export_folder(entry.id, disk)
        assert {path.name: path.read_bytes() for path in disk.iterdir()} == {"a.wav": b"old"}
