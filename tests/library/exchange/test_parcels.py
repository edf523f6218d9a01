"""A session goes into a file and comes out of it the same, with sound or without, locked or not."""

from __future__ import annotations

import io
import os
import tracemalloc
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import soundfile

from musicmed_desktop.errors import UserError
from musicmed_desktop.library.entry import Entry
from musicmed_desktop.library.exchange import Parcel, PassphraseNeededError, read_parcel, write_parcel
from musicmed_desktop.library.exchange.entries import EntryDocument
from musicmed_desktop.library.exchange.packing import MOST_BYTES
from musicmed_desktop.library.sealing import WrongPassphraseError
from tests.fakes.parcels import Honest, packed, resigned, short_parcel

PASSPHRASE = "a walk by the river"
RATE = 44_100


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "session.musicmed"


@pytest.fixture
def honest(file: Path) -> Honest:
    write_parcel(short_parcel(), file)
    return Honest(file.read_bytes(), b"")


@pytest.mark.parametrize("sound", [True, False], ids=["with sound", "without sound"])
@pytest.mark.parametrize("passphrase", [None, PASSPHRASE], ids=["open", "locked"])
def test_a_session_comes_out_as_it_went_in(file: Path, sound: bool, passphrase: str | None) -> None:
    parcel = short_parcel(sound=sound)
    write_parcel(parcel, file, passphrase)
    read = read_parcel(file, passphrase)
    assert read == parcel
    assert read.entry.started.utcoffset() == timedelta(hours=5, minutes=30)
    assert ("session.flac" in read.files) == sound


def test_what_the_listener_never_said_comes_out_as_never_said(file: Path) -> None:
    parcel = short_parcel()
    entry = Entry.of(parcel.entry.id, parcel.entry.started, parcel.record)
    write_parcel(Parcel(entry, parcel.record, {}), file)
    assert read_parcel(file).entry == entry


def test_each_field_of_an_entry_travels_but_that_of_the_trash() -> None:
    assert {*EntryDocument.model_fields} - {"schema_version"} == {field.name for field in fields(Entry)} - {"deleted"}


def test_a_session_from_the_trash_arrives_outside_of_it(file: Path) -> None:
    parcel = short_parcel()
    write_parcel(replace(parcel, entry=parcel.entry.changed(deleted=parcel.entry.started)), file)
    assert read_parcel(file).entry == parcel.entry


def test_the_time_zone_may_be_a_place(file: Path) -> None:
    parcel = short_parcel()
    started = parcel.entry.started.astimezone(ZoneInfo("America/St_Johns"))
    write_parcel(replace(parcel, entry=parcel.entry.changed(started=started)), file)
    read = read_parcel(file).entry.started
    assert (read, read.utcoffset()) == (started, started.utcoffset())


def test_control_characters_do_not_arrive(file: Path) -> None:
    """They could speak to a terminal; half a letter could not be written at all."""
    parcel = short_parcel()
    write_parcel(replace(parcel, entry=parcel.entry.changed(note="a\x1b[2Jb\x00c\x9b\nd\ud83d", title="e\nf")), file)
    read = read_parcel(file).entry
    assert (read.note, read.title) == ("a[2Jbc\nd\ufffd", "e f")


def test_the_picture_is_drawn_anew(honest: Honest, file: Path) -> None:
    file.write_bytes(resigned(honest.files | {"trajectory.svg": b"<svg><script>alert(1)</script></svg>"}))
    assert read_parcel(file) == short_parcel()
    file.write_bytes(resigned({name: inside for name, inside in honest.files.items() if name != "trajectory.svg"}))
    assert read_parcel(file) == short_parcel()


def test_the_same_session_gives_the_same_file(honest: Honest, tmp_path: Path) -> None:
    write_parcel(short_parcel(), tmp_path / "again.musicmed")
    assert (tmp_path / "again.musicmed").read_bytes() == honest.content


def test_any_zip_program_can_look_inside(honest: Honest) -> None:
    with ZipFile(io.BytesIO(honest.content)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == sorted(
            ["manifest.json", "entry.json", "session.json", "session.flac", "trajectory.svg", "session.mid"]
        )
        samples, rate = soundfile.read(io.BytesIO(archive.read("session.flac")))
    assert (len(samples), rate) == (12_000, 8_000)


def test_a_locked_file_shows_nothing(file: Path) -> None:
    parcel = short_parcel()
    write_parcel(parcel, file, PASSPHRASE)
    content = file.read_bytes()
    for shown in (b"entry.json", b"anxious", b"cello", parcel.entry.id.encode(), parcel.files["session.flac"][:64]):
        assert shown not in content


def test_a_locked_file_asks_for_its_passphrase(file: Path) -> None:
    write_parcel(short_parcel(), file, PASSPHRASE)
    with pytest.raises(PassphraseNeededError, match="locked with a passphrase"):
        read_parcel(file)
    with pytest.raises(WrongPassphraseError):
        read_parcel(file, PASSPHRASE.upper())


def test_a_passphrase_that_is_not_needed_does_no_harm(honest: Honest, file: Path) -> None:
    assert honest.content == file.read_bytes()
    assert read_parcel(file, PASSPHRASE) == short_parcel()


@pytest.mark.parametrize("name", ["manifest.json", "entry.json", "session.json"])
def test_a_newer_version_is_named_as_the_reason(honest: Honest, file: Path, name: str) -> None:
    newer = honest.files[name].replace(b'"schema_version": 1', b'"schema_version": 2, "new": 0', 1)
    files = honest.files | {name: newer}
    file.write_bytes(packed(files) if name == "manifest.json" else resigned(files))
    with pytest.raises(UserError, match=r"newer version.*Update"):
        read_parcel(file)


def test_no_word_of_the_listener_is_in_what_an_error_tells(honest: Honest, file: Path) -> None:
    file.write_bytes(resigned(honest.files | {"entry.json": honest.files["entry.json"].replace(b'"note"', b'"Note"')}))
    with pytest.raises(UserError) as told:
        read_parcel(file)
    assert "note: Field required" in told.value.detail
    assert not any(word in told.value.detail for word in ("cello", "Abends"))


def test_a_session_that_nobody_could_import_is_not_written(file: Path) -> None:
    parcel = short_parcel()
    for entry in (
        parcel.entry.changed(note="x" * 100_001),
        parcel.entry.changed(seconds=99.0),
        parcel.entry.changed(id="../../evil"),
    ):
        with pytest.raises(UserError, match="cannot be sent"):
            write_parcel(replace(parcel, entry=entry), file)
    assert not file.exists()


def test_a_session_has_no_other_files() -> None:
    with pytest.raises(ValueError, match="evil"):
        replace(short_parcel(), files={"../evil": b""})


def test_a_file_that_cannot_be_written_is_not_there_in_part(file: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no folder"):
        write_parcel(short_parcel(), tmp_path / "none" / "session.musicmed")
    file.mkdir()
    with pytest.raises(UserError):
        write_parcel(short_parcel(), file)
    assert [*tmp_path.rglob("*")] == [file]


def test_a_file_is_replaced_whole(file: Path, tmp_path: Path) -> None:
    file.write_bytes(b"older")
    with pytest.raises(UserError, match="empty"):
        write_parcel(short_parcel(), file, "")
    assert file.read_bytes() == b"older"
    write_parcel(short_parcel(), file)
    assert read_parcel(file) == short_parcel()
    assert [*tmp_path.iterdir()] == [file]


def test_what_is_no_file_is_told_as_such(file: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no file"):
        read_parcel(file)
    with pytest.raises(UserError, match="is a folder"):
        read_parcel(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps its pipes elsewhere")
@pytest.mark.parametrize("path", [Path("/dev/zero"), None], ids=["endless", "pipe"])
def test_what_never_ends_is_not_read(file: Path, path: Path | None) -> None:
    if path is None:
        os.mkfifo(file)
    with pytest.raises(UserError, match="is not a file"):
        read_parcel(path or file)


def test_a_vast_file_is_refused_by_its_size(file: Path) -> None:
    with file.open("wb") as vast:
        vast.write(b"PK\x03\x04")
        vast.truncate(MOST_BYTES + 1000)  # takes no room on the disk
    tracemalloc.start()
    try:
        with pytest.raises(UserError, match="far too large"):
            read_parcel(file)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE], ids=["open", "locked"])
def test_memory_stays_near_twice_the_size(file: Path, passphrase: str | None) -> None:
    parcel = _noise(seconds=30)
    size = len(parcel.files["session.flac"])
    assert _peak(lambda: write_parcel(parcel, file, passphrase)) < 2.3 * size
    assert _peak(lambda: read_parcel(file, passphrase)) < 2.3 * size


def _noise(seconds: int) -> Parcel:
    """Noise does not shrink: FLAC of some megabytes."""
    parcel = short_parcel()
    content = io.BytesIO()
    samples = np.random.default_rng(6).normal(0, 0.1, (seconds * RATE, 2))
    soundfile.write(content, samples, RATE, format="FLAC", subtype="PCM_16")
    audio = parcel.record.audio.model_copy(update={"sample_rate": RATE, "duration_s": float(seconds)})
    record = parcel.record.model_copy(update={"audio": audio})
    return Parcel(parcel.entry.changed(seconds=float(seconds)), record, {"session.flac": content.getvalue()})


def _peak(work: Any) -> int:
    """Bytes of memory that it took at most."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
