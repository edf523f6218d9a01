"""What has to hold of a library after a fault: it opens, holds what was announced, and what was begun can be ended.

Each check raises AssertionError with what is wrong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from musicmed_desktop.library import Library
from musicmed_desktop.library.verifying import verify
from musicmed_desktop.session.record import SessionRecord
from tests.faults import oracle
from tests.faults.oracle import Clip, Pcm
from tests.faults.zygote import Ended, Zygote

_NEAR_S = 0.01  # what a record tells is rounded


@dataclass(frozen=True, eq=False)
class Ground:
    """Where rounds take place, and an undisturbed session of `minutes`: its sound, how long it takes, what it fills."""

    zygote: Zygote
    folder: Path
    minutes: float
    sound: Pcm
    seconds: float
    bytes: int

    @classmethod
    def prepare(cls, zygote: Zygote, folder: Path, minutes: float) -> Ground:
        library = folder / "undisturbed"
        zygote.run("record", str(folder / "first"), minutes)  # what is on the disk has to be read once
        begun = perf_counter()
        (kept,) = zygote.run("record", str(library), minutes).told("kept")
        seconds, place = perf_counter() - begun, oracle.folder_of(library, kept)
        size = 2 * sum(path.stat().st_size for path in place.iterdir())  # the clips, and what they are joined to
        return cls(zygote, folder, minutes, oracle.sound_in(place), seconds, size)


def check_end(ended: Ended, *statuses: int) -> None:
    """The child succeeded, said a sentence, or was killed where that is among `statuses`."""
    assert ended.status in (statuses or (0,)), f"it ended with {ended.status}:\n{ended.noise}"
    assert not ended.noise, f"it printed:\n{ended.noise}"


def check_reopened(folder: Path, ended: Ended) -> None:
    """The library opens, is whole, and has all that was announced."""
    library = Library(folder)
    check_whole(library)
    kept = {entry.id for entry in library.entries()}
    assert kept.issuperset(ended.told("kept")), "a session that was kept is gone"
    announced = [Clip(*clip) for clip in ended.told("clip")]
    if announced:
        _check_clips(folder, ended.told("began")[0], announced)


def check_whole(library: Library) -> None:
    """Neither the library itself nor SQLite finds anything wrong."""
    problems = verify(library)
    assert not problems, f"verify found {problems}"
    damage = oracle.damage_of_index(library.folder)
    assert not damage, f"SQLite found {damage}"


def sole_id(folder: Path) -> str:
    """Of the only session that is there."""
    ((id,),) = oracle.rows(folder, "SELECT id FROM sessions")
    return str(id)


def _check_clips(folder: Path, id: str, announced: list[Clip]) -> None:
    """Each announced clip is in the index, and each one there has its samples on the disk."""
    known = oracle.clips_of(folder, id)
    lost = [clip.number for clip in announced if clip not in known]
    assert not lost, f"the index has lost the clips {lost}"
    held = oracle.clips_along(oracle.sound_in(oracle.folder_of(folder, id)), known)
    changed = [clip.number for clip in known if clip not in held]
    assert not changed, f"the clips {changed} hold other samples"


def check_completed(ground: Ground, folder: Path, ended: Ended) -> str:
    """As at the start of the app: what is left is settled, and goes on to its end. Returns what became of it."""
    settled = ground.zygote.run("settle", str(folder))
    check_end(settled)
    assert not settled.told("sorry"), f"the start failed: {settled.said}"
    left = settled.told("left")[0]
    if left:
        outcome = _check_resumed(ground, folder, left[0])
    elif oracle.rows(folder, "SELECT 1 FROM sessions"):
        outcome = "kept"
    else:
        assert not ended.told("clip"), "clips were announced, and nothing is left of them"
        outcome = "nothing was stored; recorded anew"
        check_end(ground.zygote.run("record", str(folder), ground.minutes))
    library = Library(folder)
    check_kept(ground, library, sole_id(folder), ended)
    check_whole(library)
    strange = oracle.left_behind(folder)
    assert not strange, f"left behind: {strange}"
    return outcome


def _check_resumed(ground: Ground, folder: Path, id: str) -> str:
    earlier = oracle.clips_of(folder, id)
    resumed = ground.zygote.run("resume", str(folder), id)
    check_end(resumed)
    assert resumed.told("kept") == [id], f"it cannot be resumed: {resumed.said}"
    sound = oracle.sound_in(oracle.folder_of(folder, id))
    assert oracle.clips_along(sound, earlier) == earlier, "the joined sound does not hold what was stored before"
    return f"resumed behind clip {earlier[-1].number}"


def check_kept(ground: Ground, library: Library, id: str, ended: Ended) -> None:
    """Sound, index and record agree; the session ran to its planned end, unless it was told that it could not."""
    assert [entry.id for entry in library.entries()] == [id]
    assert not library.interrupted()
    record, sound = library.record(id), oracle.sound_in(oracle.folder_of(library.folder, id))
    seconds = len(sound) / record.audio.sample_rate
    clips = oracle.clips_of(library.folder, id)
    assert oracle.clips_along(sound, clips) == clips, "the joined sound does not hold the clips"
    assert sum(clip.frames for clip in clips) == len(sound), "the clips are shorter than the joined sound"
    assert abs(record.audio.duration_s - seconds) < _NEAR_S, f"{seconds} s, and the record says {record.audio}"
    last = record.steps[-1]
    assert abs(last.start_s + last.duration_s - seconds) < _NEAR_S, "the record does not tell of the end"
    if not (ended.told("sorry") or ended.told("early")):
        assert not record.shortened, "shortened without a word"
    if not record.shortened:
        assert seconds >= 60 * ground.minutes - _NEAR_S, f"it ends at {seconds} s"
    _check_beginning(ground, record, sound)


def _check_beginning(ground: Ground, record: SessionRecord, sound: Pcm) -> None:
    """Before a break, or the fade at an early end, it sounds as an undisturbed session."""
    steps = record.steps[:-1] if record.shortened else record.steps
    until_s = min((change.at_s for change in record.changes), default=math.inf)
    ends_s = [end_s for step in steps if (end_s := step.start_s + step.duration_s) <= until_s]
    alike = round(max(ends_s, default=0.0) * record.audio.sample_rate)
    assert np.array_equal(sound[:alike], ground.sound[:alike]), "the music is not what was played"
