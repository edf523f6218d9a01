"""What lies on the disk, read without the library's own code: its index with SQL, its sound decoded."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Pcm = NDArray[np.int16]  # (n, channels)

_INDEX, _SESSIONS, _SOUND = "library.sqlite3", "sessions", "session.flac"
_SPARE = f"{_INDEX}.spare-1"  # once a day
_KEPT = {_SOUND, "session.json", "trajectory.svg", "session.mid"}


class Clip(NamedTuple):
    number: int
    frames: int
    sha256: str  # of the samples


def folder_of(library: Path, id: str) -> Path:
    """The session's folder, as the index names it."""
    return library / _SESSIONS / str(rows(library, "SELECT folder FROM sessions WHERE id = ?", id)[0][0])


def clips_of(library: Path, id: str) -> list[Clip]:
    query = "SELECT number, frames, sha256 FROM clips WHERE session = ? ORDER BY number"
    return [Clip(*row) for row in rows(library, query, id)]


def damage_of_index(library: Path) -> list[Any]:
    """What SQLite itself finds wrong with the index."""
    found = rows(library, "PRAGMA integrity_check") + rows(library, "PRAGMA foreign_key_check")
    return [each for each in found if each != ("ok",)]


def rows(library: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """What the index answers; nothing where there is none yet."""
    from sqlcipher3 import dbapi2

    if not (library / _INDEX).exists() or not (library / _INDEX).stat().st_size:
        return []
    connection = dbapi2.connect(str(library / _INDEX))
    try:
        found: list[tuple[Any, ...]] = connection.execute(query, values).fetchall()
    finally:
        connection.close()
    return found


def sound_in(folder: Path) -> Pcm:
    """The session's samples: the joined ones, or those of its clips."""
    if (folder / _SOUND).is_file():
        return _decoded(folder / _SOUND)
    return np.concatenate([_decoded(path) for path in sorted(folder.glob("clips/*.flac"))])


def clips_in(folder: Path) -> list[Clip]:
    """The clips that lie in a folder, as they sound."""
    found = ((int(path.stem), _decoded(path)) for path in sorted(folder.glob("clips/*.flac")))
    return [Clip(number, len(samples), _hash(samples)) for number, samples in found]


def clips_along(samples: Pcm, clips: Iterable[Clip]) -> list[Clip]:
    """What really sounds where these clips should, one behind the other."""
    found, at = [], 0
    for number, frames, _ in clips:
        held = samples[at : at + frames]
        found.append(Clip(number, len(held), _hash(held)))
        at += frames
    return found


def left_behind(library: Path) -> list[str]:
    """What does not belong into a library in which every session is kept."""
    known = {row[0] for row in rows(library, "SELECT folder FROM sessions")}
    places = (path.relative_to(library).parts for path in sorted(library.rglob("*")))
    return ["/".join(place) for place in places if not _belongs(place, known)]


def _belongs(place: tuple[str, ...], folders: set[str]) -> bool:
    match place:
        case (name,):
            return name in (_SESSIONS, _INDEX, _SPARE)
        case (sessions, folder, *rest):
            return sessions == _SESSIONS and folder in folders and (not rest or (len(rest) == 1 and rest[0] in _KEPT))
    return False


def _decoded(path: Path) -> Pcm:
    import soundfile

    samples: Pcm = soundfile.read(path, dtype="int16", always_2d=True)[0]
    return samples


def _hash(samples: Pcm) -> str:
    return sha256(np.ascontiguousarray(samples, dtype="<i2").tobytes()).hexdigest()
