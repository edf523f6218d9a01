from __future__ import annotations

import os
import shutil
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Entry, Library
from musicmed_desktop.library.database import DamagedIndexError
from musicmed_desktop.library.index import INDEX
from musicmed_desktop.library.keys import KEYS, LockedError, is_locked
from musicmed_desktop.library.pcm import pcm_in
from musicmed_desktop.library.repairing import repair
from musicmed_desktop.library.schema import copy_of, spare_of
from musicmed_desktop.library.sparing import keep_spare
from musicmed_desktop.library.verifying import verify, verify_sound
from musicmed_desktop.session.events import StepStored
from musicmed_desktop.session.runner import SessionRunner
from tests.fakes.engines import ToneEngine, ToneRecognizer
from tests.fakes.libraries import PASSPHRASE, file_of, flip, locked_library, place_of, scratch, settle_log, tree
from tests.fakes.recordings import walk
from tests.fakes.sessions import NOON, interrupt_session, keep_session

PAGE = 4096


@pytest.fixture(params=["plain", "locked"])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    return Library(tmp_path / "library") if request.param == "plain" else locked_library(tmp_path / "library")


def mended(library: Library) -> tuple[str, ...]:
    return repair(library.folder, PASSPHRASE if is_locked(library.folder) else None)


def reopened(library: Library) -> Library:
    return Library(library.folder, PASSPHRASE if is_locked(library.folder) else None)


def said(library: Library) -> Entry:
    """A session of which the listener said everything."""
    entry = keep_session(library)
    return library.change(entry.id, title="Evening", note="Slept at once. ☾", after=Affect(0.5, -0.5), favourite=True)


def test_a_whole_library_is_left_alone(library: Library) -> None:
    entry = said(library)
    interrupt_session(library)
    before = tree(library.folder)
    assert mended(library) == ()
    assert tree(library.folder) == before
    assert library.entries() == (entry,)


def test_nothing_is_repaired_where_nothing_is(tmp_path: Path) -> None:
    assert repair(tmp_path / "none") == ()
    assert not (tmp_path / "none").exists()


def test_every_page_of_the_index_may_be_lost(tmp_path: Path) -> None:
    """What cannot be read any more is adopted from its folder; nothing is lost but words, and no file changes."""
    whole = Library(tmp_path / "whole")
    notes = {}
    for number in range(12):
        entry = keep_session(whole)
        notes[entry.id] = whole.change(entry.id, note=f"note {number} " + "x" * 700).note
    settle_log(whole)
    pages = (whole.folder / INDEX).stat().st_size // PAGE
    assert pages > 8
    survived = []
    for page in range(1, pages + 1):
        folder = tmp_path / f"page {page}"
        shutil.copytree(whole.folder, folder)
        library = Library(folder)
        scratch(library, page)
        damaged = (folder / INDEX).read_bytes()
        files = tree(folder / "sessions")
        done = repair(folder)
        library = Library(folder)
        assert verify(library) == ()
        assert len(library.entries()) == 12
        assert tree(folder / "sessions") == files
        if done:
            (aside,) = folder.glob(f"{INDEX}.damaged-*")
            assert aside.read_bytes() == damaged
            assert any(aside.name in sentence for sentence in done)
        survived.append(sum(notes.get(entry.id) == entry.note for entry in library.entries()))
    assert survived[:2] == [0, 0]  # where all begins, and the root of all sessions: the folders tell what they can
    assert min(survived[2:]) >= 8


def test_a_damaged_index_is_refused_with_the_way_out(library: Library) -> None:
    said(library)
    settle_log(library)
    (library.folder / INDEX).write_bytes(b"\0" * 8192)
    with pytest.raises(DamagedIndexError, match="musicmed library repair"):
        reopened(library)
    sentences = " ".join(mended(library))
    assert "damaged-" in sentences
    (entry,) = reopened(library).entries()
    assert (entry.seconds, entry.note) == (12.0, "")
    assert "is lost" in sentences
    assert verify(reopened(library)) == ()


def test_a_copy_of_an_earlier_version_helps(library: Library) -> None:
    entry = said(library)
    settle_log(library)
    shutil.copy(library.folder / INDEX, copy_of(library.folder / INDEX, 0))
    later = keep_session(library)
    settle_log(library)
    (library.folder / INDEX).write_bytes(b"\0" * 8192)
    mended(library)
    found = reopened(library).entries()
    assert entry in found
    assert len(found) == 2
    assert later.title in {each.title for each in found}


def test_what_was_said_a_day_ago_survives_the_loss_of_the_index(library: Library) -> None:
    entry = said(library)
    library.settle()
    later = keep_session(library)
    place = library.folder / INDEX
    settle_log(library)
    place.write_bytes(bytes(place.stat().st_size))
    assert mended(library)
    found = reopened(library).entries()
    assert entry in found
    assert [each.title for each in found if each != entry] == [later.title]


@pytest.mark.parametrize("left", [b"", None])
def test_an_empty_or_missing_index_is_made_anew(library: Library, left: bytes | None) -> None:
    said(library)
    for path in library.folder.glob(f"{INDEX}*"):
        path.unlink()
    if left is not None:
        (library.folder / INDEX).write_bytes(left)
    assert len(reopened(library).entries()) == 1
    mended(library)
    assert verify(reopened(library)) == ()


def test_an_interrupted_session_survives_a_new_index(tmp_path: Path) -> None:
    library = Library(tmp_path)
    entries = [keep_session(library) for _ in range(20)]
    found = interrupt_session(library, clips=3)
    scratch(library, 3)  # the key of the ids
    assert repair(tmp_path)
    library = Library(tmp_path)
    assert library.interrupted() == (found,)
    assert verify(library) == ()
    library.keep(found)
    assert {entry.id for entry in library.entries()} == {*(entry.id for entry in entries), found.id}


def test_a_damaged_clip_becomes_silence_and_the_session_can_be_kept(library: Library) -> None:
    found = interrupt_session(library, clips=3)
    index = library.collection.index
    before = [library.collection.clip(found.id, clip) for clip in index.clips(found.id)]
    flip(file_of(library, found.id, "clips/001.flac"), at=2000)
    damaged = file_of(library, found.id, "clips/001.flac").read_bytes()
    file_of(library, found.id, "clips/002.flac").unlink()
    done = mended(library)
    assert len(done) == 2
    assert "silence" in done[0]
    assert verify(reopened(library)) == ()
    assert file_of(library, found.id, "damaged-001.flac").read_bytes() == damaged
    entry = library.keep(found)
    with library.sound(entry.id) as sound:
        pcm, _ = pcm_in(sound)
    ends = np.cumsum([len(clip) for clip in before])
    assert np.array_equal(pcm[: ends[0]], before[0])
    assert not pcm[ends[0] :].any()
    assert len(pcm) == ends[-1]
    assert verify_sound(library) == ()


def test_a_picture_is_drawn_again(library: Library) -> None:
    entry, other = said(library), said(library)
    picture = file_of(library, entry.id, "trajectory.svg")
    flip(picture)
    file_of(library, other.id, "trajectory.svg").unlink()
    assert len(mended(library)) == 2
    assert verify(reopened(library)) == ()
    assert set(reopened(library).entries()) == {entry, other}
    assert mended(library) == ()


def test_tags_that_a_player_wrote_are_taken(tmp_path: Path) -> None:
    from mutagen.flac import FLAC

    library = Library(tmp_path)
    entry = said(library)
    sound = FLAC(file_of(library, entry.id, "session.flac"))
    sound["rating"] = "5"
    sound.save()
    assert len(verify(library)) == 1
    (sentence,) = repair(tmp_path)
    assert "session.flac was changed by another program, and is whole" in sentence
    assert verify(library) == ()


def test_what_is_lost_stays_named(library: Library) -> None:
    entry, other = said(library), said(library)
    flip(file_of(library, entry.id, "session.flac"))
    shutil.rmtree(place_of(library, other.id))
    before = tree(library.folder / "sessions")
    mended(library)
    assert {problem.where for problem in verify(reopened(library))} == {entry.id, other.id}
    assert set(reopened(library).entries()) == {entry, other}
    assert tree(library.folder / "sessions").items() >= before.items()


def test_a_locked_library_wants_its_passphrase(tmp_path: Path) -> None:
    library = locked_library(tmp_path)
    said(library)
    (tmp_path / INDEX).write_bytes(b"\0" * 8192)
    before = tree(tmp_path)
    with pytest.raises(LockedError):
        repair(tmp_path)
    assert tree(tmp_path) == before


def test_emptying_the_trash_leaves_no_trace_in_what_repair_set_aside(tmp_path: Path) -> None:
    library = Library(tmp_path)
    entries = [library.change(keep_session(library).id, note=f"Unforgettable {number}") for number in range(20)]
    scratch(library, 3)
    assert repair(tmp_path)
    assert b"Unforgettable" in b"".join(tree(tmp_path).values())
    library = Library(tmp_path)
    for entry in entries:
        library.delete(entry.id)
    library.purge(days=0)
    assert b"Unforgettable" not in b"".join(tree(tmp_path).values())


def test_many_clips_behind_the_last_copy_of_the_index_are_listed_again(library: Library) -> None:
    found = interrupt_session(library, clips=1, minutes=4.0)
    keep_spare(library.collection.index.database)
    _, recording = library.resume(found)
    with closing(SessionRunner(walk(minutes=3.0), ToneEngine(), ToneRecognizer(), recording, tries=1).run()) as run:
        stored = (event for event in run if isinstance(event, StepStored))
        for _ in range(4):
            next(stored)
    (found,) = library.interrupted()
    settle_log(library)
    (library.folder / INDEX).write_bytes(b"\0" * 8192)
    assert mended(library)
    assert [each.heard_s for each in reopened(library).interrupted()] == [found.heard_s]


def test_a_session_that_ended_after_the_last_copy_keeps_its_music(library: Library) -> None:
    recording = library.recording(NOON)
    for event in SessionRunner(walk(), ToneEngine(), ToneRecognizer(), recording, tries=1).run():
        if isinstance(event, StepStored):
            keep_spare(library.collection.index.database)  # the first time
    assert recording.entry is not None
    before = file_of(library, recording.id, "session.flac").read_bytes()
    settle_log(library)
    (library.folder / INDEX).write_bytes(b"\0" * 8192)
    assert any("had come to its end" in sentence for sentence in mended(library))
    assert reopened(library).entries() == (recording.entry,)
    assert file_of(library, recording.id, "session.flac").read_bytes() == before
    assert verify(reopened(library)) == ()


def test_where_there_is_a_copy_a_missing_index_is_not_made_without_it(library: Library) -> None:
    entry = said(library)
    library.settle()
    for end in ("", "-wal", "-shm"):
        (library.folder / f"{INDEX}{end}").unlink(missing_ok=True)
    with pytest.raises(DamagedIndexError, match=r"is missing.*repair"):
        reopened(library)
    assert mended(library)
    assert reopened(library).entries() == (entry,)


def test_where_the_key_is_missing_nothing_is_made_anew(tmp_path: Path) -> None:
    library = locked_library(tmp_path)
    entry = said(library)
    (tmp_path / KEYS).rename(tmp_path / "elsewhere")
    before = tree(tmp_path)
    with pytest.raises(UserError, match="key is missing"):
        repair(tmp_path)
    assert tree(tmp_path) == before
    (tmp_path / "elsewhere").rename(tmp_path / KEYS)
    assert reopened(library).entries() == (entry,)


def test_a_clock_that_was_set_back_does_not_stop_the_copies(library: Library) -> None:
    said(library)
    spare = spare_of(library.folder / INDEX)
    library.settle()
    next_month = time.time() + 30 * 24 * 3600
    os.utime(spare, (next_month, next_month))
    library.settle()
    assert spare.stat().st_mtime < next_month
