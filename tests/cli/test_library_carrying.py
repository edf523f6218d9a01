"""`musicmed library`: export, import, backup and restore."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import soundfile

from musicmed_desktop.library import Entry, Library
from musicmed_desktop.paths import HOME
from tests.fakes.libraries import PASSPHRASE, file_of, locked_library, place_of
from tests.fakes.sessions import keep_session

if TYPE_CHECKING:
    from tests.cli.conftest import Musicmed


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.setenv(HOME, str(tmp_path / "home"))
    return Library(tmp_path / "home")


@pytest.fixture
def entry(library: Library) -> Entry:
    return library.change(keep_session(library).id, title="Evening", note="Slept at once.")


def read(text: str) -> Any:
    return json.loads(text)


@pytest.mark.parametrize("kind", ["flac", "wav", "mp3", "ogg"])
def test_music_leaves_as_a_file(musicmed: Musicmed, entry: Entry, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"evening.{kind}"
    ran = musicmed("library", "export", "last", "--to", str(target))
    assert ran.out == f'"Evening" of 2026-05-03 12:00: {target}\n'
    assert soundfile.info(target).duration == pytest.approx(entry.seconds, abs=0.2)
    assert b"Slept" not in target.read_bytes()
    again = musicmed("library", "export", "last", "--to", str(target))
    assert (again.code, "already exists" in again.err) == (2, True)


def test_all_go_into_a_folder_under_names_of_their_own(musicmed: Musicmed, library: Library, tmp_path: Path) -> None:
    keep_session(library)
    keep_session(library)
    assert musicmed("library", "export", "--all", "--to", str(tmp_path / "out"), "--format", "musicmed").code == 0
    assert musicmed("library", "export", "--all", "--to", str(tmp_path / "out"), "--format", "folder").code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "2026-05-03 From anxious to calm",
        "2026-05-03 From anxious to calm (2)",
        "2026-05-03 From anxious to calm (2).musicmed",
        "2026-05-03 From anxious to calm.musicmed",
    ]


def test_all_data_leaves_as_a_table_and_as_json(musicmed: Musicmed, entry: Entry, tmp_path: Path) -> None:
    table = musicmed("library", "export", "--all", "--csv", "-").out
    assert table.splitlines()[1].startswith(f"{entry.id},2026-05-03T12:00:00+00:00,Evening,12.0,anxious")
    (session,) = read(musicmed("library", "export", "--all", "--json", "-").out)["sessions"]
    assert (session["id"], session["note"]) == (entry.id, "Slept at once.")
    assert session["record"]["schema_version"] == 1
    musicmed("library", "export", "--all", "--csv", str(tmp_path / "t.csv"), "--json", str(tmp_path / "t.json"))
    assert (tmp_path / "t.csv").is_file()
    assert read((tmp_path / "t.json").read_text(encoding="utf-8"))["sessions"] == [session]


@pytest.mark.usefixtures("entry")
@pytest.mark.parametrize(
    "options",
    [
        ("last",),
        ("--to", "x.flac"),
        ("last", "--to", "x.aiff"),
        ("last", "--to", "x.flac", "--password"),
        ("last", "--to", "x.flac", "--without-sound"),
        ("last", "--to", "none/x.flac"),
    ],
)
def test_what_cannot_be_exported_is_said(
    musicmed: Musicmed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    ran = musicmed("library", "export", *options)
    assert (ran.code, ran.out) == (2, "")
    assert sorted(tmp_path.iterdir()) == before


def test_from_patient_to_therapist_with_a_password(musicmed: Musicmed, entry: Entry, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("open sesame\n", encoding="utf-8")
    secret = ("--password-file", str(tmp_path / "password"))
    sent = tmp_path / "sent"
    sent.mkdir()
    musicmed("library", "export", "last", "--to", str(sent / "silent.musicmed"), "--without-sound")
    musicmed("library", "export", "last", "--to", str(sent / "whole.musicmed"), *secret)
    assert b"Slept" not in (sent / "whole.musicmed").read_bytes()
    there = ("--library", str(tmp_path / "therapist"))
    assert "nobody to ask" in musicmed("library", "import", str(sent / "whole.musicmed"), *there).err
    first = read(musicmed("library", "import", str(sent), *secret, *there, "--json").out)
    assert [each["outcome"] for each in first["imported"]] == ["new", "completed"]
    assert Library(tmp_path / "therapist").entries() == (entry,)
    again = musicmed("library", "import", str(sent / "silent.musicmed"), *there)
    assert (again.code, again.out) == (0, '"Evening" of 2026-05-03 12:00: known already.\n')


def test_bad_files_do_not_stop_the_good_ones(
    musicmed: Musicmed, library: Library, entry: Entry, tmp_path: Path
) -> None:
    sent = tmp_path / "sent"
    sent.mkdir()
    musicmed("library", "export", entry.id, "--to", str(sent / "b.musicmed"))
    (sent / "a.musicmed").write_bytes(b"")
    shutil.copy(sent / "b.musicmed", sent / "c.musicmed")
    (sent / "c.musicmed").write_bytes((sent / "c.musicmed").read_bytes()[:-500])
    there = ("--library", str(tmp_path / "therapist"))
    ran = musicmed("library", "import", str(sent), str(tmp_path / "none.musicmed"), *there)
    assert ran.code == 1
    assert ran.out == "1 session came, 3 files could not be taken.\n"
    assert [line.split(": ")[0] for line in ran.err.splitlines()] == [
        str(sent / "a.musicmed"),
        str(sent / "c.musicmed"),
        str(tmp_path / "none.musicmed"),
    ]
    assert musicmed("library", "import", str(library.folder), *there).code == 2


def test_a_backup_and_back(musicmed: Musicmed, library: Library, entry: Entry, tmp_path: Path) -> None:
    stick = str(tmp_path / "stick")
    assert musicmed("library", "backup", stick).out == (
        f"Done: 1 session copied, 0 brought up to date. The backup is in {stick}.\n"
    )
    assert read(musicmed("library", "backup", stick, "--json").out) == {"new": [], "renewed": [], "damaged": []}
    shutil.rmtree(place_of(library, entry.id))
    assert musicmed("library", "verify").code == 1
    assert musicmed("library", "restore", stick).out == "Done: 0 sessions came back, 1 mended.\n"
    assert musicmed("library", "verify").code == 0
    assert musicmed("library", "restore", stick).out == "Done: nothing was missing.\n"
    file_of(library, entry.id, "session.flac").unlink()
    library.change(entry.id, title="Night")
    other = str(tmp_path / "other stick")
    ran = musicmed("library", "backup", other)
    assert (ran.code, '"Night" of 2026-05-03 12:00 was not copied' in ran.err) == (1, True)
    for place in (str(library.folder / "inside"), str(tmp_path / "none")):
        assert musicmed("library", "restore", place).code == 2


def test_a_locked_backup_opens_with_the_same_passphrase(musicmed: Musicmed, tmp_path: Path) -> None:
    library = locked_library(tmp_path / "locked")
    entry = keep_session(library)
    (tmp_path / "secret").write_text(PASSPHRASE, encoding="utf-8")
    opened = ("--library", str(library.folder), "--passphrase-file", str(tmp_path / "secret"))
    stick = tmp_path / "stick"
    assert musicmed("library", "backup", str(stick), *opened).code == 0
    assert Library(stick, PASSPHRASE).entries() == (entry,)
    assert musicmed("library", "restore", str(stick), *opened).out == "Done: nothing was missing.\n"
    plain = ("--library", str(tmp_path / "plain"), "--backup-passphrase-file", str(tmp_path / "secret"))
    assert musicmed("library", "restore", str(stick), *plain).out == "Done: 1 session came back, 0 mended.\n"
    assert Library(tmp_path / "plain").entries() == (entry,)
    warned = musicmed("library", "export", "last", "--to", str(tmp_path / "x.musicmed"), *opened)
    assert "The copy is not locked" in warned.err


@pytest.mark.parametrize("words", [("import",), ("restore",), ("list", "--library")])
def test_a_name_that_no_system_takes_is_told(musicmed: Musicmed, entry: Entry, words: tuple[str, ...]) -> None:
    ran = musicmed("library", *words, entry.id * 10)
    assert ran.code in (1, 2)
    assert "could not be read" in ran.err
