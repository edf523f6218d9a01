"""What lies on the disk, read without the library's own code: SQLite for the folder's name, and decoded sound."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Clip = tuple[int, int, str]  # number, frames, hash of its samples
SOUND, RECORD = "session.flac", "session.json"
KEPT = {SOUND, RECORD, "trajectory.svg", "session.mid"}


def folder_of(library: Path, id: str) -> Path:
    """The session's folder, as the index names it."""
    return library / "sessions" / str(rows(library, "SELECT folder FROM sessions WHERE id = ?", id)[0][0])


def rows(library: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(str(library / "library.sqlite3"))
    try:
        found: list[tuple[Any, ...]] = connection.execute(query, values).fetchall()
    finally:
        connection.close()
    return found


def sound_in(folder: Path) -> NDArray[np.int16]:
    """The session's 16-bit samples: the joined ones, or those of its clips."""
    if (folder / SOUND).is_file():
        return decoded(folder / SOUND)
    return np.concatenate([decoded(path) for path in sorted(folder.glob("clips/*.flac"))])


def decoded(path: Path) -> NDArray[np.int16]:
    import soundfile

    samples: NDArray[np.int16] = soundfile.read(path, dtype="int16", always_2d=True)[0]
    return samples


def damaged_clips(samples: NDArray[np.int16], clips: Iterable[Clip]) -> list[int]:
    """The numbers of the clips, one behind the other, whose samples are not those that were announced."""
    damaged, at = [], 0
    for number, frames, digest in clips:
        held = samples[at : at + frames]
        if sha256(np.ascontiguousarray(held, dtype="<i2").tobytes()).hexdigest() != digest:
            damaged.append(number)
        at += frames
    return damaged


def left_behind(library: Path) -> list[str]:
    """What does not belong into a library where every session is kept."""
    known = {row[0] for row in rows(library, "SELECT folder FROM sessions")}
    found = []
    for path in library.rglob("*"):
        place = path.relative_to(library).parts
        belongs = path.name == SESSIONS if len(place) == 1 and path.is_dir() else _belongs(place, known)
        if not belongs:
            found.append("/".join(place))
    return found


SESSIONS = "sessions"


def _belongs(place: tuple[str, ...], known: set[str]) -> bool:
    if place[0] != SESSIONS:
        return len(place) == 1 and place[0].startswith("library.sqlite3")
    return place[1] in known and (len(place) == 2 or (len(place) == 3 and place[2] in KEPT))
