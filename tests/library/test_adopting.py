from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.library import Entry, Library
from tests.fakes.sessions import NOON, keep_session


def as_in_the_first_version(library: Library, entry: Entry, **other: object) -> Path:
    """Make the folder of a session what it was before there was an index."""
    folder = library.collection.shelf.folder(library.collection.index.folder(entry.id))
    document = {
        "schema_version": 1,
        "title": entry.title,
        "started": entry.started.isoformat(),
        "seconds": entry.seconds,
        "start_word": entry.start_word,
        "target_word": entry.target_word,
        "before": vars(entry.before),
        "wished": vars(entry.wished),
        "after": {"valence": 0.2, "arousal": -0.4},
        "note": "Rain on the roof",
        "favourite": True,
        "engine": "tones",
        "shortened": False,
        "worse_at_s": [3.5],
        "underruns": 1,
        "sound_device": "Headset",
        "deleted": None,
    }
    (folder / "entry.json").write_text(json.dumps(document | other), encoding="utf-8")
    return folder


def forget(library: Library) -> None:
    for path in library.folder.glob("library.sqlite3*"):
        path.unlink()


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


def test_a_library_of_the_first_version_comes_along(library: Library) -> None:
    entry = keep_session(library)
    folder = as_in_the_first_version(library, entry)
    forget(library)
    (found,) = Library(library.folder).entries()
    assert found.changed(id=entry.id) == entry.changed(
        after=Affect(0.2, -0.4),
        note="Rain on the roof",
        favourite=True,
        worse_at_s=(3.5,),
        underruns=1,
        sound_device="Headset",
        maker="",
    )
    assert not (folder / "entry.json").exists()  # the note is in one place alone
    again = Library(library.folder)
    assert again.entries() == (found,)
    assert again.record(found.id).steps


def test_what_was_in_its_trash_is_in_the_trash(library: Library) -> None:
    deleted = datetime.now(UTC) - timedelta(days=3)
    entries = [keep_session(library, NOON + timedelta(days=n)) for n in range(3)]
    (library.folder / "trash").mkdir()
    for entry, when in ((entries[0], deleted.isoformat()), (entries[1], None)):
        folder = as_in_the_first_version(library, entry, deleted=when)
        folder.rename(library.folder / "trash" / folder.name)
    as_in_the_first_version(library, entries[2])
    forget(library)
    found = Library(library.folder)
    assert [entry.started for entry in found.entries()] == [entries[2].started]
    second, first = found.deleted()
    assert first.deleted == deleted
    assert second.deleted is not None  # where it lay decided
    assert not (library.folder / "trash").exists()


def test_without_what_the_listener_said_a_session_has_what_its_record_tells(library: Library) -> None:
    entry = keep_session(library)
    library.change(entry.id, title="Mine")
    forget(library)
    (found,) = Library(library.folder).entries()
    assert (found.title, found.seconds, found.engine) == (entry.title, entry.seconds, "tones")
    assert found.started == datetime(2026, 5, 3, 12).astimezone()  # as the folder's name says


def test_a_session_in_a_folder_of_another_name_began_before_its_record_was_written(library: Library) -> None:
    entry = keep_session(library)
    folder = library.collection.shelf.folder(library.collection.index.folder(entry.id))
    folder.rename(folder.with_name("My best evening"))
    forget(library)
    (found,) = Library(library.folder).entries()
    assert timedelta(0) < datetime.now(UTC) - found.started - timedelta(seconds=entry.seconds) < timedelta(minutes=5)


@pytest.mark.parametrize(
    "content", [b"{", b"[1]", b"\xff", b'{"started": 3}', b'{"started": "2026-05-03", "before": {}}']
)
def test_a_broken_entry_does_not_cost_the_session(library: Library, content: bytes) -> None:
    entry = keep_session(library)
    folder = as_in_the_first_version(library, entry)
    (folder / "entry.json").write_bytes(content)
    forget(library)
    (found,) = Library(library.folder).entries()
    assert found.title == entry.title


def test_foreign_and_broken_folders_are_left_alone(library: Library) -> None:
    entry = keep_session(library)
    sessions = library.folder / "sessions"
    for name, files in {"half": ["session.json"], "holiday": ["beach.jpg"], "none": []}.items():
        (sessions / name).mkdir()
        for file in files:
            (sessions / name / file).write_text("{")
    (sessions / "desktop.ini").write_text("[x]")
    forget(library)
    before = sorted(sessions.rglob("*"))
    (found,) = Library(library.folder).entries()
    assert found.title == entry.title
    assert sorted(sessions.rglob("*")) == before
