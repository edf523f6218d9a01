"""What the library's database is asked and told, one method for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from musicmed_desktop.errors import UserError
from musicmed_desktop.library.database import Connection, Database
from musicmed_desktop.library.entry import Entry
from musicmed_desktop.library.rows import SELECTED, cells, entry_of, values_of
from musicmed_desktop.library.schema import is_made, migrate, refuse_newer
from musicmed_desktop.library.shelf import StoredFile
from musicmed_desktop.session.record import Change, SessionRecord, StepRecord

INDEX = "library.sqlite3"
_OF_THE_RECORD = ("seconds", "engine", "shortened", "worse_at_s")  # the listener has no say in these fields


@dataclass(frozen=True)
class StoredClip:
    """A clip of a session: `frames` samples per channel whose 16-bit values have this SHA-256.

    `step` is there while the session is recording; a clip without one is a seam, or the rest at the end.
    """

    number: int
    frames: int
    sha256: str
    step: StepRecord | None = None


class Index:
    """The sessions in the file library.sqlite3 in `folder`, migrated when it is opened. Raises UserError."""

    def __init__(self, folder: Path, key: bytes | None = None, refuse: Callable[[], None] = lambda: None) -> None:
        """`refuse` is called with each connection, and raises where the file may not be used any more."""
        self.database = Database(folder / INDEX, key, refuse_newer, refuse)
        if self.database.exists():
            migrate(self.database)

    def create(self) -> None:
        """Make the file where there is none yet, or only its beginning, which another program is making."""
        self.database.refuse()
        migrate(self.database)

    # --- asked

    def entries(self, deleted: bool = False) -> tuple[Entry, ...]:
        """What was kept, or what lies in the trash; the newest first."""
        which = "NOT NULL" if deleted else "NULL"
        return tuple(
            map(entry_of, self._rows(f"state = 'kept' AND deleted IS {which} ORDER BY at DESC, rowid DESC", SELECTED))
        )

    def entry(self, id: str) -> Entry:
        """Kept, in the trash, or still recording."""
        return entry_of(self._row(id, SELECTED))

    def folder(self, id: str) -> str:
        folder: str = self._row(id, "folder")[0]
        return folder

    def folders(self) -> dict[str, str]:
        """The folder of each session, whatever its state, by its id."""
        return dict(self._rows("TRUE", "id, folder"))

    def has(self, id: str) -> bool:
        return bool(self._rows("id = ?", "id", id))

    def recording(self) -> tuple[str, ...]:
        """The ids of sessions that are recording, or were when they were interrupted; the newest first."""
        return tuple(row[0] for row in self._rows("state = 'recording' ORDER BY at DESC", "id"))

    def draft(self, id: str) -> SessionRecord:
        """The record of a session that is recording, with the steps and changes that it has so far."""
        (raw,) = self._row(id, "draft")
        with self.database.connected() as connection:
            query = "SELECT change FROM changes WHERE session = ? ORDER BY number"
            changes = [Change.model_validate_json(row[0]) for row in connection.execute(query, (id,))]
        steps = [clip.step for clip in self.clips(id) if clip.step]
        record = SessionRecord.model_validate_json(raw)
        return record.model_copy(update={"steps": tuple(steps), "changes": tuple(changes)})

    def clips(self, id: str) -> tuple[StoredClip, ...]:
        query = "SELECT number, frames, sha256, step FROM clips WHERE session = ? ORDER BY number"
        with self.database.connected() as connection:
            rows = connection.execute(query, (id,)).fetchall()
        return tuple(
            StoredClip(number, frames, digest, StepRecord.model_validate_json(step) if step else None)
            for number, frames, digest, step in rows
        )

    def files(self, id: str) -> tuple[StoredFile, ...]:
        """The files of a kept session."""
        query = "SELECT name, size, sha256 FROM files WHERE session = ? ORDER BY name"
        with self.database.connected() as connection:
            return tuple(StoredFile(*row) for row in connection.execute(query, (id,)))

    # --- told

    def begin(self, entry: Entry, folder: str, draft: SessionRecord) -> None:
        """A session is recording from now on."""
        with self.database.transaction() as connection:
            insert(connection, entry, folder, "recording", draft.model_dump_json())

    def store_clip(self, id: str, clip: StoredClip, *changes: Change) -> None:
        with self.database.transaction() as connection:
            _insert_clip(connection, id, clip)
            for change in changes:
                _insert_change(connection, id, change)

    def store_change(self, id: str, change: Change) -> None:
        with self.database.transaction() as connection:
            _insert_change(connection, id, change)

    def finish(self, told: Entry, files: Sequence[StoredFile]) -> Entry:
        """A session that was recording is kept: what its record tells counts now, and `files` are all that it has."""
        values = dict(cell for field in _OF_THE_RECORD for cell in cells(field, told))
        with self.database.transaction() as connection:
            _require(_set(connection, told.id, values | {"state": "kept", "draft": None}), told.id)
            connection.execute("UPDATE clips SET step = NULL WHERE session = ?", (told.id,))
            connection.execute("DELETE FROM changes WHERE session = ?", (told.id,))
            _replace_files(connection, told.id, files)
        return self.entry(told.id)

    def set_clip(self, id: str, clip: StoredClip) -> None:
        """A clip holds other samples than it did."""
        with self.database.transaction() as connection:
            statement = "UPDATE clips SET frames = ?, sha256 = ? WHERE session = ? AND number = ?"
            connection.execute(statement, (clip.frames, clip.sha256, id, clip.number))

    def add(self, entry: Entry, folder: str, files: Sequence[StoredFile], clips: Sequence[StoredClip] = ()) -> bool:
        """A whole session that comes from elsewhere; False, and nothing else, where it is there already."""
        with self.database.transaction() as connection:
            if connection.execute("SELECT 1 FROM sessions WHERE id = ?", (entry.id,)).fetchone():
                return False
            insert(connection, entry, folder, "kept", None)
            for clip in clips:
                _insert_clip(connection, entry.id, clip)
            _replace_files(connection, entry.id, files)
        return True

    def change(self, id: str, **values: Any) -> Entry:
        """Set these fields of an entry alone, so that others may set other ones at the same time."""
        with self.database.transaction() as connection:
            row = connection.execute(f"SELECT {SELECTED} FROM sessions WHERE id = ?", (id,)).fetchone()
            _require(row is not None, id)
            entry = entry_of(row).changed(**values)
            _set(connection, id, dict(cell for field in values for cell in cells(field, entry)))
        return entry

    def set_folder(self, id: str, folder: str) -> None:
        """The folder of a session has another name now."""
        with self.database.transaction() as connection:
            connection.execute("UPDATE sessions SET folder = ? WHERE id = ?", (folder, id))

    def set_files(self, id: str, files: Sequence[StoredFile]) -> None:
        with self.database.transaction() as connection:
            _replace_files(connection, id, files)

    def remove(self, id: str) -> None:
        """Without effect where there is no such session."""
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM sessions WHERE id = ?", (id,))

    def _rows(self, where: str, columns: str, *values: object) -> list[Any]:
        if not self.database.exists():
            return []
        with self.database.connected() as connection:
            if not is_made(connection):
                return []
            connection.row_factory = None  # of 10,000 rows, plain tuples come much faster
            rows: list[Any] = connection.execute(f"SELECT {columns} FROM sessions WHERE {where}", values).fetchall()
        return rows

    def _row(self, id: str, columns: str) -> Any:
        rows = self._rows("id = ?", columns, id)
        _require(bool(rows), id)
        return rows[0]


def _require(found: bool, id: str) -> None:
    if not found:
        raise UserError("This session is no longer there.", "Choose another one from the list.", id)


def insert(connection: Connection, entry: Entry, folder: str, state: str, draft: str | None) -> None:
    """A new row in a transaction that is open; `state` and `draft` as schema.py has them."""
    values = {"id": entry.id, "folder": folder, "state": state, "draft": draft} | values_of(entry)
    places = ", ".join(f":{name}" for name in values)
    connection.execute(f"INSERT INTO sessions ({', '.join(values)}) VALUES ({places})", values)


def _set(connection: Connection, id: str, values: dict[str, Any]) -> bool:
    assigned = ", ".join(f"{name} = :{name}" for name in values)
    cursor = connection.execute(f"UPDATE sessions SET {assigned} WHERE id = :id", values | {"id": id})
    return bool(cursor.rowcount)


def _insert_clip(connection: Connection, id: str, clip: StoredClip) -> None:
    step = clip.step and clip.step.model_dump_json()
    connection.execute("INSERT INTO clips VALUES (?, ?, ?, ?, ?)", (id, clip.number, clip.frames, clip.sha256, step))


def _insert_change(connection: Connection, id: str, change: Change) -> None:
    statement = "INSERT INTO changes SELECT ?1, count(*), ?2 FROM changes WHERE session = ?1"
    connection.execute(statement, (id, change.model_dump_json()))


def _replace_files(connection: Connection, id: str, files: Sequence[StoredFile]) -> None:
    connection.execute("DELETE FROM files WHERE session = ?", (id,))
    rows = [(id, file.name, file.size, file.sha256) for file in files]
    connection.executemany("INSERT INTO files VALUES (?, ?, ?, ?)", rows)
