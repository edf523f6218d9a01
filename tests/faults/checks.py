"""What has to hold of a library after a fault: it opens, holds what was announced, and what was begun can be ended.

Each check raises AssertionError with what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.library import Library
from musicmed_desktop.session.record import SessionRecord
from tests.faults import oracle
from tests.faults.oracle import Clip, Pcm
from tests.faults.zygote import Ended, Zygote

_STEP_S = 0.01  # places are rounded to four digits of a second


@dataclass(frozen=True, eq=False)
class Ground:
    """Where rounds take place: `folder` is theirs, `sound` what a whole undisturbed session of `minutes` sounds like."""

    zygote: Zygote
    folder: Path
    minutes: float
    sound: Pcm

    @classmethod
    def prepare(cls, zygote: Zygote, folder: Path, minutes: float) -> Ground:
        ended = zygote.run("record", str(folder / "reference"), minutes)
        (kept,) = ended.told("kept")
        return cls(zygote, folder, minutes, oracle.sound_in(oracle.folder_of(folder / "reference", kept)))


def check_ended(ended: Ended, *statuses: int) -> None:
    """With success or a sentence, never with a traceback."""
    assert ended.status in (statuses or (0,)), f"it ended with {ended.status}:\n{ended.noise}"
    assert not ended.noise, ended.noise


def check_reopened(ground: Ground, folder: Path, ended: Ended) -> None:
    """The library opens, is whole, and has all that was announced."""
    library = Library(folder)
    check_whole(library)
    for id in ended.told("kept"):
        assert id in {entry.id for entry in library.entries()}, "a session that was kept is gone"
    announced = [Clip(*clip) for clip in ended.told("clip")]
    if announced:
        (id,) = ended.told("began") or (None,)
        check_clips(ground, folder, id or sole_id(library), announced)


def check_whole(library: Library) -> None:
    """Neither the library's own look nor SQLite's finds anything."""
    from musicmed_desktop.library.verifying import verify

    problems = verify(library)
    assert not problems, f"verify found {problems}"
    damage = oracle.damage_of_index(library.folder)
    assert not damage, f"the index is damaged: {damage}"


def check_clips(ground: Ground, folder: Path, id: str, announced: list[Clip]) -> None:
    """Each announced clip is in the index and on the disk, and sounds as in an undisturbed session."""
    known = oracle.clips_of(folder, id)
    missing = [clip for clip in announced if clip not in known]
    assert not missing, f"the index has lost {missing}"
    sound = oracle.sound_in(oracle.folder_of(folder, id))
    damaged = oracle.damaged_clips(sound, known)
    assert not damaged, f"clips {damaged} hold other samples than were announced"
    check_beginning(ground, sound, known)


def check_beginning(ground: Ground, sound: Pcm, clips: list[Clip]) -> None:
    """What comes before the first seam is the beginning of the undisturbed session."""
    frames = 0
    for clip in clips:
        if clip.is_seam:
            break
        frames += clip.frames
    assert np.array_equal(sound[:frames], ground.sound[:frames]), "the music is not what was played"


def check_completed(ground: Ground, folder: Path, ended: Ended) -> str:
    """Whatever the fault left, the session comes to its end, and nothing else stays; returns what was done."""
    library = Library(folder)
    left = library.interrupted()
    if left:
        return _resumed(ground, library, left[0].id)
    if ended.told("kept"):
        check_kept(ground, folder, ended.told("kept")[0])
        return "was kept"
    assert not ended.told("clip") or library.entries(), "announced clips, and nothing to resume"
    ...
