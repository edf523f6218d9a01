"""What the index says that lies on the shelf."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from musicmed_desktop.library.collection import clip_name
from musicmed_desktop.library.database import Connection
from musicmed_desktop.library.shelf import Shelf, StoredFile

_SESSIONS = "SELECT id, folder, started, start_word, target_word, state FROM sessions ORDER BY at, id"
_FILES = "SELECT session, name, size, sha256 FROM files ORDER BY session, name"
_CLIPS = "SELECT session, number, sha256 FROM clips ORDER BY session, number"


@dataclass(frozen=True)
class Shelved:
    """A session with its `files`, or with the `clips` (name, hash of the samples) of one that was interrupted."""

    id: str
    folder: str
    started: datetime
    words: str
    files: tuple[StoredFile, ...]
    clips: tuple[tuple[str, str], ...]

    @property
    def names(self) -> Iterator[str]:
        yield from (file.name for file in self.files)
        yield from (name for name, _ in self.clips)

    def paths(self, shelf: Shelf) -> Iterator[Path]:
        return (shelf.path(self.folder, name) for name in self.names)


def inventory(connection: Connection) -> tuple[Shelved, ...]:
    """All sessions, the oldest first."""
    files: dict[str, list[StoredFile]] = {}
    for id, *file in connection.execute(_FILES):
        files.setdefault(id, []).append(StoredFile(*file))
    clips: dict[str, list[tuple[str, str]]] = {}
    for id, number, digest in connection.execute(_CLIPS):
        clips.setdefault(id, []).append((clip_name(number), digest))
    return tuple(
        Shelved(
            id=id,
            folder=folder,
            started=datetime.fromisoformat(started),
            words=f"{start} to {target}" if start != target else start,
            files=tuple(files.get(id, ())),
            clips=tuple(clips.get(id, ())) if state == "recording" else (),
        )
        for id, folder, started, start, target, state in connection.execute(_SESSIONS)
    )
