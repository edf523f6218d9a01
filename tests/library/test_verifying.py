from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from musicmed_desktop.engines.models.progress import CancelledError, Progress
from musicmed_desktop.library import Library
from musicmed_desktop.library.verifying import INDEX_ITSELF, Problem, verify, verify_sound
from tests.fakes.engines import tones
from tests.fakes.libraries import file_of, flip, locked_library, place_of, scratch, tree
from tests.fakes.sessions import NOON, interrupt_session, keep_session, tone_beginning, tone_record


@pytest.fixture(params=["plain", "locked"])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    return Library(tmp_path / "library") if request.param == "plain" else locked_library(tmp_path / "library")


def test_a_whole_library_has_no_problems_and_is_not_touched(library: Library) -> None:
    assert verify(library) == ()
    gone = keep_session(library)
    keep_session(library)
    library.delete(gone.id)
    interrupt_session(library)
    before = tree(library.folder)
    assert verify(library) == ()
    assert verify_sound(library) == ()
    assert tree(library.folder) == before


@pytest.mark.parametrize("name", ["session.flac", "session.json", "trajectory.svg"])
def test_one_bit_is_found(library: Library, name: str) -> None:
    keep_session(library)
    entry = keep_session(library)
    flip(file_of(library, entry.id, name))
    assert verify(library) == (Problem(entry.id, f"{name} is damaged, or was changed by another program."),)


def test_what_is_missing_is_named_also_in_the_trash(library: Library) -> None:
    entry, other = keep_session(library), keep_session(library)
    library.delete(entry.id)
    file_of(library, entry.id, "session.flac").unlink()
    shutil.rmtree(place_of(library, other.id))
    missing, folder = sorted(verify(library), key=lambda problem: problem.where != entry.id)
    assert missing == Problem(entry.id, "session.flac is missing.")
    assert folder.where == other.id
    assert str(place_of(library, other.id)) in folder.sentence


def test_a_damaged_clip_of_an_interrupted_session_is_found(library: Library) -> None:
    found = interrupt_session(library, clips=3)
    flip(file_of(library, found.id, "clips/001.flac"), at=2000)
    (problem,) = verify(library)
    assert problem.where == found.id
    assert "clips/001.flac" in problem.sentence


def test_strangers_are_named_and_what_systems_put_there_is_not(library: Library) -> None:
    entry = keep_session(library)
    place = place_of(library, entry.id)
    for name in (".DS_Store", "Thumbs.db", "desktop.ini"):
        (place / name).write_bytes(b"x")
    (place / "cover.png").write_bytes(b"x")
    stranger = place.parent / "holidays"
    stranger.mkdir()
    (stranger / "beach.jpg").write_bytes(b"x")
    assert [problem.where for problem in verify(library)] == [entry.id, "holidays"]


def test_what_a_killed_program_leaves_is_no_problem(library: Library) -> None:
    entry, gone = keep_session(library), keep_session(library)
    place = place_of(library, entry.id)
    (place / ".session.flac.part").write_bytes(b"x")
    (place / "recording").write_bytes(b"")
    (place / "clips").mkdir()
    (place / "clips" / "000.flac").write_bytes(b"x")
    (place.parent / "2026-05-03 14-00-00").mkdir()
    (place.parent / "2026-05-03 14-00-00" / "recording").write_bytes(b"")
    library.delete(gone.id)
    folder = place_of(library, gone.id)
    folder.rename(folder.with_name(f".{folder.name}.removed"))
    assert verify(library) == ()
    library.settle()
    assert sorted(path.name for path in place.parent.iterdir()) == [place.name]
    assert not library.deleted()


def test_a_session_that_is_recorded_meanwhile_is_left_out(library: Library) -> None:
    record = tone_record()
    with library.recording(NOON) as recording:
        assert verify(library) == ()
        recording.begin(tone_beginning())
        recording.write(tones(record.steps[0].measured.affect, 12.0))
        recording.store_step(record.steps[0], 8000 * 12)
        file_of(library, recording.id, "clips/000.flac").write_bytes(b"x")
        assert verify(library) == ()
    assert len(verify(library)) == 1


def test_a_damaged_index_is_found(tmp_path: Path) -> None:
    library = Library(tmp_path)
    for _ in range(30):
        keep_session(library)
    scratch(library, 6)
    problems = verify(library)
    assert problems
    assert {problem.where for problem in problems} == {INDEX_ITSELF}


def test_music_that_was_exchanged_with_its_row_is_found_by_its_clips(tmp_path: Path) -> None:
    library = Library(tmp_path)
    entry, other = keep_session(library, target="calm"), keep_session(library, target="happy", start="sad")
    shutil.copy(file_of(library, other.id, "session.flac"), file_of(library, entry.id, "session.flac"))
    index, shelf = library.collection.index, library.collection.shelf
    index.set_files(entry.id, [shelf.stored(index.folder(entry.id), file.name) for file in index.files(entry.id)])
    assert verify(library) == ()
    assert verify_sound(library) == (Problem(entry.id, "session.flac does not hold the music that was recorded."),)


def test_progress_is_told_and_it_can_be_stopped(library: Library) -> None:
    entry = keep_session(library)
    told: list[Progress] = []
    verify(library, told.append)
    size = sum(file.size for file in library.collection.index.files(entry.id))
    assert (told[-1].work, told[-1].done, told[-1].total) == ("checking", size, size)
    with pytest.raises(CancelledError):
        verify(library, cancelled=lambda: True)
