"""What every published version wrote, opened by this one; see tests/fakes/kept.py."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import soundfile

from musicmed_desktop.affect import mood
from musicmed_desktop.library import Library
from musicmed_desktop.library.keys import LockedError
from musicmed_desktop.library.sealing import WrongPassphraseError
from musicmed_desktop.library.verifying import verify, verify_sound
from musicmed_desktop.settings import load_settings
from tests.fakes.engines import RATE
from tests.fakes.kept import KEPT, NOTE, SETTINGS, write_kept
from tests.fakes.libraries import PASSPHRASE, tree

VERSIONS = sorted(KEPT.glob("library-*.zip"))


@pytest.fixture(scope="module", params=[*VERSIONS, None], ids=lambda file: file.stem if file else "this version")
def zipped(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param:
        return Path(request.param)
    made = tmp_path_factory.mktemp("made") / "library.zip"
    write_kept(made)
    return made


@pytest.fixture
def kept(zipped: Path, tmp_path: Path) -> Path:
    with zipfile.ZipFile(zipped) as packed:
        packed.extractall(tmp_path)
    return tmp_path


def test_the_first_published_version_is_among_them() -> None:
    assert [file.name for file in VERSIONS][:1] == ["library-0.1.0.zip"]


def check_words(library: Library) -> str:
    (entry,) = library.entries()
    assert (entry.title, entry.note, entry.favourite) == ("Sunday noon", NOTE, True)
    assert entry.after == mood("calm").affect
    return entry.id


def check_sound(library: Library, id: str) -> None:
    """It is as long as its record says, to the sample."""
    record = library.record(id)
    with library.sound(id) as file:
        samples, rate = soundfile.read(file)
    assert (rate, len(samples)) == (RATE, round(record.audio.duration_s * RATE))


def test_sessions_records_and_music_are_there_and_whole(kept: Path) -> None:
    library = Library(kept / "plain")
    id = check_words(library)
    assert library.entries()[0].before == mood("tense").affect
    check_sound(library, id)
    record = library.record(id)
    assert [step.mood for step in record.steps]
    with library.sound(id) as file:
        assert abs(soundfile.read(file)[0]).max() > 0.05
    assert verify(library) == verify_sound(library) == ()


def test_the_trash_and_what_broke_off_are_there(kept: Path) -> None:
    library = Library(kept / "plain")
    (deleted,) = library.deleted()
    library.restore(deleted.id)
    check_sound(library, deleted.id)
    (broken_off,) = library.interrupted()
    entry = library.keep(broken_off)
    check_sound(library, entry.id)
    assert entry.shortened
    assert len(library.entries()) == 3
    assert verify(library) == verify_sound(library) == ()


def test_a_locked_library_opens_with_its_passphrase(kept: Path) -> None:
    with pytest.raises(LockedError):
        Library(kept / "locked")
    with pytest.raises(WrongPassphraseError):
        Library(kept / "locked", PASSPHRASE + "!")
    library = Library(kept / "locked", PASSPHRASE)
    check_sound(library, check_words(library))
    assert verify(library) == verify_sound(library) == ()


def test_the_settings_are_read(kept: Path) -> None:
    assert load_settings(kept / "plain" / "settings.json") == (SETTINGS, None)


def test_looking_changes_no_file_of_music_or_words(kept: Path) -> None:
    """So that the version before can still be gone back to."""
    before = tree(kept / "plain" / "sessions")
    library = Library(kept / "plain")
    library.settle()
    library.purge()
    assert library.entries()
    assert tree(kept / "plain" / "sessions") == before
