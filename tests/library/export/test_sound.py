"""Copies of the music, as the programs that play them read them."""

from __future__ import annotations

import io
import os
from base64 import b64decode
from pathlib import Path
from typing import Any, get_args

import mutagen
import numpy as np
import pytest
import soundfile
from mutagen.flac import Picture

from musicmed_desktop.audio.files import Format
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.entry import Entry
from musicmed_desktop.library.export.sound import export_sound
from musicmed_desktop.library.export.tags import Tags, tags_of
from musicmed_desktop.session.record import SessionRecord
from tests.fakes.killing import small_disk

FORMATS = get_args(Format)
posix = pytest.mark.skipif(os.name == "nt", reason="mounts are POSIX")


@pytest.fixture
def tags(entry: Entry, record: SessionRecord) -> Tags:
    return tags_of(entry, record)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def read_tags(path: Path) -> Tags:
    """What mutagen reads, whichever way the format keeps it."""
    file: Any = mutagen.File(path)
    if path.suffix in (".mp3", ".wav"):
        assert file.tags.version == (2, 3, 0)
        texts = [str(file.tags[key]) for key in ("TIT2", "TPE1", "TALB", "TDRC", "COMM::eng")]
        covers = [frame for frame in file.tags.getall("APIC") if (frame.type, frame.mime) == (3, "image/png")]
    else:
        texts = [file.tags[key][0] for key in ("title", "artist", "album", "date", "comment")]
        flac = path.suffix == ".flac"
        pictures = file.pictures if flac else map(Picture, map(b64decode, file["metadata_block_picture"]))
        covers = [each for each in pictures if (each.type, each.mime, each.width) == (3, "image/png", 1000)]
    assert len(covers) == 1
    title, artist, album, date, comment = texts
    return Tags(title, artist, album, date, comment, covers[0].data)


@pytest.mark.parametrize("format", FORMATS)
def test_the_music_goes_with_its_tags_and_its_cover(sound: Path, tags: Tags, tmp_path: Path, format: Format) -> None:
    target = tmp_path / f"für Anna 🎧.{format}"
    target.write_bytes(b"what was there before")
    export_sound(sound, target, format, tags)
    assert soundfile.info(target).frames == soundfile.info(sound).frames
    assert read_tags(target) == tags
    assert mutagen.File(target).info.length == pytest.approx(soundfile.info(sound).duration, abs=0.001)
    assert names(tmp_path) == {"library", target.name}


@pytest.mark.parametrize("format", FORMATS)
def test_tags_do_not_touch_the_music(sound: Path, tags: Tags, tmp_path: Path, format: Format) -> None:
    export_sound(sound, tmp_path / "tagged", format, tags)
    export_sound(sound, tmp_path / "bare", format, Tags(""))
    tagged, bare = (soundfile.read(tmp_path / name, dtype="int16")[0] for name in ("tagged", "bare"))
    np.testing.assert_array_equal(tagged, bare)
    if format in ("flac", "wav"):
        np.testing.assert_array_equal(tagged, soundfile.read(sound, dtype="int16")[0])


@pytest.mark.parametrize("format", FORMATS)
def test_an_open_file_gives_the_same_bytes(sound: Path, tags: Tags, tmp_path: Path, format: Format) -> None:
    export_sound(sound, tmp_path / "first", format, tags)
    with io.BytesIO(sound.read_bytes()) as opened:
        export_sound(opened, tmp_path / "second", format, tags)
        assert not opened.closed
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


@pytest.mark.parametrize("format", FORMATS)
def test_without_a_record_there_is_no_cover(sound: Path, entry: Entry, tmp_path: Path, format: Format) -> None:
    export_sound(sound, tmp_path / "a", format, tags_of(entry, None))
    assert b"image/png" not in (tmp_path / "a").read_bytes()
    title = mutagen.File(tmp_path / "a").tags["TIT2" if format in ("mp3", "wav") else "title"]
    assert list(title) == [entry.title]


def test_tags_tell_what_may_leave_the_house(entry: Entry, record: SessionRecord) -> None:
    tags = tags_of(entry.changed(maker="MusicGen on the graphics processor of Anna's computer"), record)
    assert (tags.title, tags.date) == ("Für Anna 🎧", "2026-05-03")
    assert tags.comment == "From anxious to calm. Music made by a computer: MusicMed Desktop 0, tones 1."
    assert (tags.artist, tags.album) == ("MusicMed Desktop", "Music medicine")


def test_a_title_of_any_letters_is_one_line(entry: Entry, sound: Path, tmp_path: Path) -> None:
    tags = tags_of(entry.changed(title="a\0b\n\ud83d c\x07 "), None)
    assert tags.title == "a b c"
    export_sound(sound, tmp_path / "a.mp3", "mp3", tags)
    assert str(mutagen.File(tmp_path / "a.mp3").tags["TIT2"]) == "a b c"


def test_a_place_that_is_not_there_is_told(sound: Path, tags: Tags, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no folder"):
        export_sound(sound, tmp_path / "none" / "a.wav", "wav", tags)
    with pytest.raises(UserError, match="is a folder"):
        export_sound(sound, tmp_path / "library", "wav", tags)
    assert names(tmp_path) == {"library"}


@pytest.mark.parametrize("opened", [False, True])
def test_damaged_music_is_told_and_leaves_no_half_copy(sound: Path, tags: Tags, tmp_path: Path, opened: bool) -> None:
    sound.write_bytes(sound.read_bytes()[:30_000])
    source = io.BytesIO(sound.read_bytes()) if opened else sound
    with pytest.raises(UserError, match="damaged"):
        export_sound(source, tmp_path / "a.wav", "wav", tags)
    assert names(tmp_path) == {"library"}


@posix
@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("kilobytes", [16, 600])  # full while the music is written; full when the cover comes
def test_a_full_disk_is_told_and_keeps_what_was_there(
    sound: Path, tmp_path: Path, format: Format, kilobytes: int
) -> None:
    large = Tags("title", cover=bytes(1_000_000))
    with small_disk(tmp_path / "stick", f"size={kilobytes}k") as disk:
        (disk / "a").write_bytes(b"old")
        with pytest.raises(UserError, match="The disk is full"):
            export_sound(sound, disk / "a", format, large)
        assert {path.name: path.read_bytes() for path in disk.iterdir()} == {"a": b"old"}
