"""All rows of a session at once, on their way from one index to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from musicmed_desktop.library.database import Connection, Database
from musicmed_desktop.library.shelf import StoredFile

Values = dict[str, Any]  # by column
BELONGING = ("clips", "changes", "files")  # to a session


@dataclass(frozen=True)
class Carried:
    """The row of a session, and by table those that belong to it."""

    session: Values
    belonging: Mapping[str, tuple[Values, ...]]

    @property
    def id(self) -> str:
        return str(self.session["id"])

    @property
    def folder(self) -> str:
        return str(self.session["folder"])

    @property
    def is_kept(self) -> bool:
        return bool(self.session["state"] == "kept")

    @property
    def files(self) -> tuple[StoredFile, ...]:
        rows = self.belonging["files"]
        return tuple(StoredFile(row["name"], row["size"], row["sha256"]) for row in rows)

    def changed(self, **values: Any) -> Carried:
        """With other values in the row of the session."""
        return replace(self, session=self.session | values)

    def without_clips(self) -> Carried:
        return replace(self, belonging={**self.belonging, "clips": ()})

    def with_files(self, files: Iterable[StoredFile]) -> Carried:
        rows = tuple(
            {"session": self.id, "name": file.name, "size": file.size, "sha256": file.sha256} for file in files
        )
        return replace(self, belonging={**self.belonging, "files": rows})


def carried(database: Database, id: str) -> Carried | None:
    """None where there is no such session."""
    with database.connected() as connection:
        connection.execute("BEGIN")  # all as of one moment; ends with the connection
        rows = _values(connection, "SELECT * FROM sessions WHERE id = ?", id)
        tables = {table: _values(connection, f"SELECT * FROM {table} WHERE session = ?", id) for table in BELONGING}
    return Carried(rows[0], tables) if rows else None


def put(database: Database, sessions: Iterable[Carried], instead: str = "") -> None:
    """In place of what the index has of them, and of the session `instead`; all of them or none."""
    with database.transaction() as connection:
        connection.execute("DELETE FROM sessions WHERE id = ?", (instead,))
        for session in sessions:
            connection.execute("DELETE FROM sessions WHERE id = ?", (session.id,))
            _insert(connection, "sessions", session.session)
            for table, rows in session.belonging.items():
                for row in rows:
                    _insert(connection, table, row)


def contents(database: Database) -> dict[str, tuple[Any, ...]]:
    """What may change of each session, by its id: two that are equal need not be carried."""
    with database.connected() as connection:
        connection.execute("BEGIN")
        files: dict[str, list[tuple[Any, ...]]] = {}
        for id, *file in connection.execute("SELECT session, name, size, sha256 FROM files ORDER BY session, name"):
            files.setdefault(id, []).append(tuple(file))
        counts = dict(connection.execute("SELECT session, count(*) FROM clips GROUP BY session").fetchall())
        rows = _values(connection, "SELECT * FROM sessions")
    return {
        row["id"]: (
            *(value for name, value in sorted(row.items()) if name != "folder"),
            tuple(files.get(row["id"], ())),
            counts.get(row["id"], 0),
        )
        for row in rows
    }


def _values(connection: Connection, query: str, *values: object) -> tuple[Values, ...]:
    return tuple(dict(zip(row.keys(), row, strict=True)) for row in connection.execute(query, values))


def _insert(connection: Connection, table: str, row: Values) -> None:
    places = ", ".join(f":{name}" for name in row)
    connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", row)
