from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.disk import hold
from musicmed_desktop.engines.base import Frames
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Interrupted, Library, LibraryRecording
from musicmed_desktop.library.holding import Hold, is_held
from musicmed_desktop.library.index import INDEX
from musicmed_desktop.library.pcm import Pcm, hash_of, pcm_in
from musicmed_desktop.library.resumed import SEAM_S, seam
from musicmed_desktop.library.schema import spare_of
from musicmed_desktop.library.shelf import StoredFile
from musicmed_desktop.library.verifying import verify, verify_sound
from musicmed_desktop.plan import Prescription, build_plan
from musicmed_desktop.session.events import SessionFailed, SessionFinished, StepStored
from musicmed_desktop.session.record import Change, Coordinates
from musicmed_desktop.session.runner import SessionRunner
from tests.fakes.engines import RATE, ToneEngine, ToneRecognizer
from tests.fakes.libraries import file_of, flip, place_of, settle_log
from tests.fakes.recordings import walk
from tests.fakes.sessions import NOON, interrupt_session, keep_session, tone_beginning


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


class FasterEngine(ToneEngine):
    """Tones of another kind: mono, and at a higher sample rate."""

    version = "2"
    sample_rate = 2 * RATE
    channels = 1

    def stream(self, step, context, cancelled):  # type: ignore[no-untyped-def]
        chunks = super().stream(step, context, cancelled)
        while True:
            try:
                yield np.repeat(next(chunks)[:, :1], 2, axis=0)
            except StopIteration as end:
                return end.value


def samples(library: Library, id: str) -> Pcm:
    with library.sound(id) as sound:
        return pcm_in(sound)[0]


def run_rest(prescription: Prescription, recording: LibraryRecording, engine: ToneEngine | None = None) -> None:
    plan = build_plan(prescription, seed=5)
    *_, last = SessionRunner(plan, engine or ToneEngine(), ToneRecognizer(), recording, tries=1).run()
    assert isinstance(last, SessionFinished)


def test_a_session_that_runs_or_has_ended_is_not_interrupted(library: Library) -> None:
    keep_session(library)
    with library.recording(NOON) as recording:
        run = SessionRunner(walk(minutes=1.0), ToneEngine(), ToneRecognizer(), recording, tries=1).run()
        next(event for event in run if isinstance(event, StepStored))
        assert Library(library.folder).interrupted() == ()
        run.close()
    assert [found.id for found in library.interrupted()] == [recording.id]


def test_what_was_stored_is_found(library: Library) -> None:
    found = interrupt_session(library, clips=2, minutes=2.0)
    assert (found.heard_s, found.from_s, found.complete) == (60.0, 0.0, False)
    assert found.prescription == walk(minutes=2.0).prescription
    assert [step.index for step in found.draft.steps] == [0, 1]
    assert found.draft.engine.name == "tones"
    assert library.entries() == ()
    assert found.entry.title == "From anxious to calm"


def test_the_newest_is_found_first(library: Library) -> None:
    first = interrupt_session(library, clips=1)
    second = interrupt_session(library, clips=1, started=NOON.replace(year=2027))
    assert [found.id for found in library.interrupted()] == [second.id, first.id]


def test_kept_as_it_is_a_session_has_all_that_was_stored(library: Library) -> None:
    found = interrupt_session(library, clips=3)
    clips = [library.collection.clip(found.id, clip) for clip in library.collection.index.clips(found.id)]
    entry = library.keep(found)
    assert (library.entries(), library.interrupted()) == ((entry,), ())
    assert (entry.seconds, entry.shortened) == (90.0, True)
    assert np.array_equal(samples(library, entry.id), np.concatenate(clips))
    record = library.record(entry.id)
    assert (len(record.steps), record.audio.duration_s, record.shortened) == (3, 90.0, True)
    assert -40 < record.audio.loudness_lufs < -10
    folder = library.collection.shelf.folder(library.collection.index.folder(entry.id))
    assert sorted(path.name for path in folder.iterdir()) == ["session.flac", "session.json", "trajectory.svg"]


def test_thrown_away_nothing_is_left(library: Library) -> None:
    library.throw_away(interrupt_session(library))
    assert (library.entries(), library.interrupted(), library.deleted()) == ((), (), ())
    assert list((library.folder / "sessions").iterdir()) == []


def test_resumed_a_session_comes_to_its_planned_end(library: Library) -> None:
    found = interrupt_session(library, clips=3, minutes=5.0)
    before = {clip.number: clip for clip in library.collection.index.clips(found.id)}
    early = [library.collection.clip(found.id, clip) for clip in before.values()]
    prescription, recording = library.resume(found)
    assert prescription.minutes == 3.5
    run_rest(prescription, recording)
    (entry,) = library.entries()
    assert entry == recording.entry
    assert (entry.id, entry.started, entry.shortened) == (found.id, NOON, False)
    assert entry.seconds == 5 * 60 + SEAM_S
    joined = samples(library, entry.id)
    assert np.array_equal(joined[: 90 * RATE], np.concatenate(early))
    at = 0
    for clip in library.collection.index.clips(entry.id):
        assert hash_of(joined[at : at + clip.frames]) == clip.sha256
        at += clip.frames
    assert at == len(joined)


def test_the_record_of_a_resumed_session_tells_of_both_parts(library: Library) -> None:
    found = interrupt_session(library, clips=3, minutes=5.0)
    prescription, recording = library.resume(found)
    run_rest(prescription, recording)
    record = library.record(found.id)
    assert record == recording.record
    assert [step.index for step in record.steps] == list(range(10))
    assert [step.start_s for step in record.steps] == [0, 30, 60, *(91 + 30 * n for n in range(7))]
    assert record.steps[:3] == found.draft.steps
    (change,) = record.changes
    assert (change.reason, change.at_s, change.prescription) == ("resumed", 91.0, prescription)
    assert record.prescription == found.draft.prescription
    assert record.engine == found.draft.engine


def test_what_the_listener_asked_for_before_and_after_is_told(library: Library) -> None:
    calm = Coordinates(valence=0.5, arousal=-0.5)
    asked = Prescription(start=calm.affect, target=calm.affect, minutes=4.0)
    wish = Change(at_s=20.0, reason="worse", felt=calm, prescription=asked, path=(calm, calm), seed=1)
    recording = library.recording(NOON)
    recording.store_change(wish)  # before the first sound
    runner = SessionRunner(walk(), ToneEngine(), ToneRecognizer(), recording, tries=1)
    with closing(runner.run()) as run:
        next(event for event in run if isinstance(event, StepStored))
        recording.store_change(wish.model_copy(update={"at_s": 25.0}))
    (found,) = library.interrupted()
    assert [change.at_s for change in found.draft.changes] == [20.0, 25.0]
    assert (found.prescription, found.from_s) == (asked, 25.0)
    prescription, resumed = library.resume(found)
    resumed.store_change(wish.model_copy(update={"at_s": 1.0}))
    run_rest(prescription, resumed)
    changes = library.record(found.id).changes
    assert [(change.at_s, change.reason) for change in changes] == [
        (20.0, "worse"),
        (25.0, "worse"),
        (31.0, "resumed"),
        (32.0, "worse"),
    ]
    assert library.entries()[0].worse_at_s == (20.0, 25.0, 32.0)


def test_the_rest_may_come_from_another_engine(library: Library) -> None:
    found = interrupt_session(library, clips=2)
    prescription, recording = library.resume(found)
    run_rest(prescription, recording, FasterEngine())
    record = library.record(found.id)
    assert (record.audio.sample_rate, record.audio.channels) == (RATE, 2)
    assert record.engine.version == "1, then 2"
    joined = samples(library, found.id)
    assert len(joined) == pytest.approx((60 + SEAM_S + 120) * RATE, abs=2)
    assert np.array_equal(joined[-RATE * 20 :, 0], joined[-RATE * 20 :, 1])  # it was mono
    assert np.abs(joined[-RATE * 60 :]).max() > 1000


def test_until_new_music_is_stored_the_interrupted_session_is_as_it_was(library: Library) -> None:
    found = interrupt_session(library)
    _, recording = library.resume(found)
    with pytest.raises(UserError, match="another window"):
        library.resume(found)
    recording.begin(tone_beginning())
    recording.write(np.zeros((RATE, 2), np.float32))
    recording.discard()
    assert not recording.has_stored
    assert library.interrupted() == (found,)


def test_interrupted_again_a_session_goes_on_from_there(library: Library) -> None:
    found = interrupt_session(library, clips=2, minutes=5.0)
    prescription, recording = library.resume(found)
    runner = SessionRunner(build_plan(prescription, 5), ToneEngine(), ToneRecognizer(), recording, tries=1)
    with closing(runner.run()) as run:
        next(event for event in run if isinstance(event, StepStored))
    (again,) = library.interrupted()
    assert (again.id, again.heard_s, again.from_s) == (found.id, 91.0, 61.0)
    prescription, recording = library.resume(again)
    assert prescription.minutes == 3.5
    run_rest(prescription, recording)
    (entry,) = library.entries()
    assert entry.seconds == 5 * 60 + 2 * SEAM_S
    assert [change.at_s for change in library.record(entry.id).changes] == [61.0, 92.0]


def test_what_only_missed_its_joining_is_kept_at_the_next_start(library: Library) -> None:
    found = interrupt_session(library, clips=4, minutes=2.0)
    assert found.complete
    library.settle()
    (entry,) = library.entries()
    assert (entry.shortened, entry.seconds) == (False, 120.0)
    assert library.interrupted() == ()


def test_settling_clears_what_killed_programs_left_and_nothing_else(library: Library) -> None:
    kept, found = keep_session(library), interrupt_session(library, clips=1)
    shelf = library.collection.shelf
    folder = shelf.folder(library.collection.index.folder(kept.id))
    (folder / "clips").mkdir()
    for name in ("clips/000.flac", ".session.flac.part", "recording", "my notes.txt"):
        (folder / name).write_text("x")
    (shelf.place / "empty").mkdir()
    (shelf.place / "empty" / "recording").touch()
    (shelf.place / "holiday").mkdir()
    (shelf.place / "holiday" / "beach.flac").write_text("x")
    running = library.recording(NOON)
    library.settle()
    left = {"session.flac", "session.json", "trajectory.svg", "my notes.txt"}
    assert {path.name for path in folder.iterdir()} == left
    assert not (shelf.place / "empty").exists()
    assert (shelf.place / "holiday" / "beach.flac").exists()
    assert library.interrupted() == (found,)
    running.discard()


def test_a_damaged_clip_is_told_and_nothing_is_lost(library: Library) -> None:
    found = interrupt_session(library, clips=3)
    folder = library.collection.shelf.folder(library.collection.index.folder(found.id))
    clip = folder / "clips" / "001.flac"
    clip.write_bytes(clip.read_bytes()[:-500])
    with pytest.raises(UserError, match="part of this session is damaged"):
        library.keep(found)
    assert library.interrupted() == (found,)
    assert sorted(path.name for path in folder.iterdir()) == ["clips"]


def test_the_hold_is_let_go_when_a_program_ends(tmp_path: Path) -> None:
    with Hold(tmp_path), pytest.raises(UserError, match="another window"):
        Hold(tmp_path)
    Hold(tmp_path).release()
    assert list(tmp_path.iterdir()) == []


def test_a_seam_goes_on_from_the_last_sample_and_fades() -> None:
    tone: Frames = np.sin(np.arange(3 * RATE)[:, None] / 9.0).astype(np.float32)
    last = (tone * 20_000).astype(np.int16)
    faded = seam(last, RATE)
    assert faded.shape == (RATE, 1)
    assert faded[0, 0] == pytest.approx(last[-1, 0] / 32768, abs=1e-3)
    assert np.abs(faded[-10:]).max() < 1e-3
    short = seam(last[:100], RATE)
    assert len(short) == RATE
    assert np.abs(short[100:]).max() == 0


def test_an_interrupted_session_says_before_as_the_listener_did(library: Library) -> None:
    recording = library.recording(NOON, before=Affect(-0.9, 0.1))
    runner = SessionRunner(walk(), ToneEngine(), ToneRecognizer(), recording, tries=1)
    with closing(runner.run()) as run:
        next(event for event in run if isinstance(event, StepStored))
    (found,) = library.interrupted()
    assert isinstance(found, Interrupted)
    assert found.entry.before == Affect(-0.9, 0.1)
    assert library.keep(found).before == Affect(-0.9, 0.1)


def test_settling_never_removes_music_that_the_index_does_not_know(library: Library) -> None:
    known, forgotten = keep_session(library), keep_session(library)
    folder = library.collection.shelf.folder(library.collection.index.folder(forgotten.id))
    library.collection.index.remove(forgotten.id)
    found = interrupt_session(library, clips=1)
    clips = library.collection.shelf.folder(library.collection.index.folder(found.id))
    library.collection.index.remove(found.id)
    before = sorted([*folder.rglob("*"), *clips.rglob("*")])
    library.settle()
    assert sorted([*folder.rglob("*"), *clips.rglob("*")]) == before
    library.collection.index.set_files(known.id, ())  # as where a repair found none of them
    library.settle()
    assert len(samples(library, known.id))


def test_a_recording_that_failed_once_has_no_hole(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = library.recording(NOON)
    failures = iter([None, UserError("The disk is full.")])
    store = recording.store_step

    def failing(*arguments: object) -> None:
        if (error := next(failures, None)) is not None:
            monkeypatch.setattr(library.collection.shelf, "write", lambda *_: (_ for _ in ()).throw(error))
            try:
                store(*arguments)  # type: ignore[arg-type]
            finally:
                monkeypatch.undo()
        else:
            store(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(recording, "store_step", failing)
    *_, last = SessionRunner(walk(), ToneEngine(), ToneRecognizer(), recording, tries=1).run()
    assert not isinstance(last, SessionFinished)
    (found,) = library.interrupted()
    assert [clip.number for clip in library.collection.index.clips(recording.id)] == [0]
    assert found.heard_s == 30.0


def test_what_was_ended_in_another_window_is_not_thrown_away_nor_ended_again(library: Library) -> None:
    found = interrupt_session(library)
    kept = library.keep(found)
    before = samples(library, kept.id)
    acts = (library.throw_away, library.keep, library.resume)
    for act in acts:
        with pytest.raises(UserError, match="in another window"):
            act(found)
    assert library.entries() == (kept,)
    assert np.array_equal(samples(library, kept.id), before)


def test_an_index_of_an_earlier_moment_costs_no_music(library: Library) -> None:
    """As where a file system, or a person, brought the file of an earlier moment back."""
    recording = library.recording(NOON)
    place, earlier = library.folder / INDEX, library.folder / "earlier"
    for event in SessionRunner(walk(), ToneEngine(), ToneRecognizer(), recording, tries=1).run():
        if isinstance(event, StepStored) and not earlier.exists():
            settle_log(library)
            shutil.copy(place, earlier)
    assert recording.entry is not None
    before = samples(library, recording.id)
    settle_log(library)
    earlier.replace(place)
    assert library.interrupted() == ()
    library.settle()
    assert library.entries() == (recording.entry,)
    assert np.array_equal(samples(library, recording.id), before)
    assert (*verify(library), *verify_sound(library)) == ()


def test_a_damaged_session_does_not_keep_others_from_being_settled(library: Library) -> None:
    damaged, whole = (interrupt_session(library, clips=4, minutes=2.0) for _ in range(2))
    flip(file_of(library, damaged.id, "clips/001.flac"), at=2000)
    library.settle()
    assert [entry.id for entry in library.entries()] == [whole.id]
    assert [found.id for found in library.interrupted()] == [damaged.id]
    assert spare_of(library.folder / INDEX).exists()


def test_settling_leaves_what_a_person_laid_into_a_folder_of_their_own(library: Library) -> None:
    folder = place_of(library, keep_session(library).id)
    (folder / "mine" / "clips").mkdir(parents=True)
    mine = [folder / "mine" / "clips" / "holiday.txt", folder / "mine" / "session.flac", folder / "film.part"]
    for path in mine:
        path.write_text("x")
    library.settle()
    assert all(path.exists() for path in mine)


def test_settling_leaves_music_that_is_just_coming_for_a_known_session(library: Library) -> None:
    entry = keep_session(library)
    library.collection.index.set_files(entry.id, [StoredFile("session.json", 1, "0" * 64)])  # it came without music
    sound = file_of(library, entry.id, "session.flac")
    with Hold(sound.parent):
        library.settle()
        assert sound.exists()


def test_who_waits_for_a_session_does_not_hold_a_lock_that_was_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Hold(tmp_path)

    def late(file: BinaryIO) -> bool:
        first.release()  # between the moment when the second one opens it, and the moment when it holds it
        return hold(file)

    monkeypatch.setattr("musicmed_desktop.library.holding.hold", late)
    with Hold(tmp_path):
        monkeypatch.undo()
        assert is_held(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_rest_cannot_join_on_to_a_damaged_clip(library: Library) -> None:
    found = interrupt_session(library)
    flip(file_of(library, found.id, "clips/001.flac"), at=2000)
    prescription, recording = library.resume(found)
    runner = SessionRunner(build_plan(prescription, 5), ToneEngine(), ToneRecognizer(), recording, tries=1)
    *_, last = runner.run()
    assert isinstance(last, SessionFailed)
    assert "part of this session is damaged" in str(last.error)


def test_a_session_whose_folder_was_renamed_is_found_again(library: Library) -> None:
    kept, deleted, found = keep_session(library), keep_session(library, start="sad"), interrupt_session(library)
    library.change(kept.id, note="Rain")
    library.delete(deleted.id)
    shelf = library.collection.shelf
    for number, id in enumerate((kept.id, deleted.id, found.id)):
        shelf.folder(library.collection.index.folder(id)).rename(shelf.folder(f"mine {number}"))
    library.settle()
    assert library.entries() == (kept.changed(note="Rain"),)
    assert len(samples(library, kept.id))
    assert [entry.id for entry in library.deleted()] == [deleted.id]
    assert library.interrupted() == (found,)
    assert library.collection.index.folders() == {kept.id: "mine 0", deleted.id: "mine 1", found.id: "mine 2"}


def test_nothing_is_forgotten_while_a_folder_is_there_that_nobody_knows(library: Library) -> None:
    gone, found = keep_session(library), interrupt_session(library)
    library.delete(gone.id)
    shelf = library.collection.shelf
    for id in (gone.id, found.id):
        place = shelf.folder(library.collection.index.folder(id))
        place.rename(library.folder / place.name)  # out of sight
    (shelf.place / "holiday").mkdir()
    (shelf.place / "holiday" / "session.flac").write_text("x")
    library.settle()
    assert [entry.id for entry in library.deleted()] == [gone.id]
    assert found.id in library.collection.index.recording()
