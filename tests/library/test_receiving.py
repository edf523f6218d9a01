from __future__ import annotations

from pathlib import Path

import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Library
from musicmed_desktop.library.exchange import read_parcel, write_parcel
from musicmed_desktop.library.receiving import receive, send
from musicmed_desktop.library.verifying import verify
from tests.fakes.killing import kill_while
from tests.fakes.libraries import file_of, locked_library, place_of, tree
from tests.fakes.sessions import interrupt_session, keep_session


@pytest.fixture
def patient(tmp_path: Path) -> Library:
    return Library(tmp_path / "patient")


@pytest.fixture(params=["plain", "locked"])
def therapist(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    return Library(tmp_path / "therapist") if request.param == "plain" else locked_library(tmp_path / "therapist")


def test_a_session_goes_from_one_library_to_another(patient: Library, therapist: Library, tmp_path: Path) -> None:
    entry = patient.change(keep_session(patient).id, note="Slept at once.", after=Affect(0.5, -0.5), favourite=True)
    write_parcel(send(patient, entry.id), tmp_path / "session.musicmed")
    received = receive(therapist, read_parcel(tmp_path / "session.musicmed"))
    assert (received.entry, received.was_there) == (entry, False)
    assert therapist.entries() == (entry,)
    assert therapist.record(entry.id) == patient.record(entry.id)
    with patient.sound(entry.id) as ours, therapist.sound(entry.id) as theirs:
        assert ours.read() == theirs.read()
    assert verify(therapist) == ()
    if not therapist.collection.shelf.locked:
        assert place_of(therapist, entry.id).name == "2026-05-03 12-00-00 anxious to calm"


def test_known_sessions_are_recognized_and_what_was_said_here_stays(patient: Library, therapist: Library) -> None:
    entry = patient.change(keep_session(patient).id, title="Evening", note="Slept at once.")
    receive(therapist, send(patient, entry.id))
    therapist.change(entry.id, title="Session 3", note="Talk about it")
    patient.change(entry.id, note="Slept badly after all", after=Affect(-0.5, 0.5), worse_at_s=(7.0,))
    before = tree(therapist.folder / "sessions")
    received = receive(therapist, send(patient, entry.id))
    assert received.was_there
    assert set(received.added) == {"after", "worse_at_s"}
    (here,) = therapist.entries()
    assert (here.title, here.note, here.after, here.worse_at_s) == (
        "Session 3",
        "Talk about it",
        Affect(-0.5, 0.5),
        (7.0,),
    )
    assert tree(therapist.folder / "sessions") == before
    assert receive(therapist, send(patient, entry.id)).added == ()


def test_music_may_come_later(patient: Library, therapist: Library) -> None:
    entry = keep_session(patient)
    receive(therapist, send(patient, entry.id, with_sound=False))
    assert verify(therapist) == ()
    with pytest.raises(UserError, match="without its music"):
        therapist.sound(entry.id)
    assert receive(therapist, send(patient, entry.id)).added == ("session.flac",)
    with therapist.sound(entry.id) as sound:
        assert sound.read(4) == b"fLaC"
    assert verify(therapist) == ()


def test_music_of_another_course_does_not_come(patient: Library, therapist: Library) -> None:
    first, second = keep_session(patient), keep_session(patient, start="sad", target="happy")
    receive(therapist, send(patient, first.id, with_sound=False))
    other = send(patient, second.id)
    forged = type(other)(other.entry.changed(id=first.id), other.record, other.files)
    assert receive(therapist, forged).added == ()
    assert verify(therapist) == ()
    assert therapist.record(first.id) == patient.record(first.id)


def test_out_of_the_trash_it_comes_back(patient: Library, therapist: Library) -> None:
    entry = keep_session(patient)
    receive(therapist, send(patient, entry.id))
    therapist.delete(entry.id)
    patient.delete(entry.id)
    received = receive(therapist, send(patient, entry.id))
    assert (received.was_there, received.entry.deleted) == (True, None)
    assert therapist.entries() == (entry,)


def test_a_session_that_has_not_ended_stays(patient: Library) -> None:
    found = interrupt_session(patient)
    with pytest.raises(UserError, match="not come to its end"):
        send(patient, found.id)
    entry = keep_session(patient)
    parcel = send(patient, entry.id)
    forged = type(parcel)(parcel.entry.changed(id=found.id), parcel.record, parcel.files)
    before = tree(patient.folder / "sessions")
    assert receive(patient, forged).was_there
    assert tree(patient.folder / "sessions") == before
    assert patient.interrupted() == (found,)


def test_where_the_disk_refuses_nothing_is_left(patient: Library, tmp_path: Path) -> None:
    parcel = send(patient, keep_session(patient).id)
    therapist = Library(tmp_path / "therapist")
    therapist.folder.mkdir()
    (therapist.folder / "sessions").write_bytes(b"a file by mistake")
    with pytest.raises(UserError):
        receive(therapist, parcel)
    assert therapist.entries() == ()
    (therapist.folder / "sessions").unlink()
    assert not receive(therapist, parcel).was_there
    assert verify(therapist) == ()


def test_killed_at_any_moment_it_is_there_or_not(patient: Library, tmp_path: Path) -> None:
    entries = [keep_session(patient) for _ in range(6)]
    for number, entry in enumerate(entries):
        write_parcel(send(patient, entry.id), tmp_path / f"{number}.musicmed")
    folder = tmp_path / "therapist"
    program = f"""
from pathlib import Path
from musicmed_desktop.library import Library
from musicmed_desktop.library.exchange import read_parcel
from musicmed_desktop.library.receiving import receive
parcels = [read_parcel(path) for path in sorted(Path({str(tmp_path)!r}).glob("*.musicmed"))]
library = Library(Path({str(folder)!r}))
print("begun", flush=True)
for parcel in parcels: receive(library, parcel)
"""
    for seconds in (0.01, 0.03, 0.06):
        kill_while(program, seconds=seconds)
        library = Library(folder)
        assert verify(library) == ()
        library.settle()
        assert {path.name for path in (folder / "sessions").glob("*")} == set(
            library.collection.index.folders().values()
        )
    for path in sorted(tmp_path.glob("*.musicmed")):
        receive(Library(folder), read_parcel(path))
    assert set(Library(folder).entries()) == set(entries)
    assert file_of(Library(folder), entries[0].id, "session.flac").is_file()


def test_what_played_it_does_not_travel(patient: Library) -> None:
    entry = patient.change(keep_session(patient).id, sound_device="Somebody's headphones")
    assert send(patient, entry.id).entry.sound_device == ""
    assert patient.entries() == (entry,)
