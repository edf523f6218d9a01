"""The index on its way into an encrypted file, or out of one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from musicmed_desktop.errors import UserError
from musicmed_desktop.library.database import PATIENCE_S, Connection, Database
from musicmed_desktop.library.shelf import StoredFile

_PAUSE_S = 0.002


@contextmanager
def alone(database: Database) -> Iterator[Connection]:
    """A connection beside which nobody has another; those who want one wait until it ends. Raises UserError."""
    with database.connected() as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        _leave_log(connection)
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")  # the lock is kept, as its mode is
        yield connection


def _leave_log(connection: Connection) -> None:
    """Only who is alone can write all into the file itself; this does not wait for the others by itself."""
    from sqlcipher3 import dbapi2

    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            return
        except dbapi2.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() >= deadline:
                raise
            time.sleep(_PAUSE_S)


def write_index(
    connection: Connection,
    path: Path,
    key: bytes | None,
    folders: Mapping[str, str],
    files: Mapping[str, Sequence[StoredFile]],
) -> None:
    """Write all that the `connection` is to into a new file, encrypted with `key` where one is given.

    There the sessions have these `folders` and `files`, by their ids. It is on the disk when this returns.
    The way is SQLCipher's own, which leaves the version out: https://www.zetetic.net/sqlcipher/sqlcipher-api/.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    path.touch(mode=0o600)
    connection.execute("ATTACH ? AS turned KEY ?", (str(path), f"x'{key.hex()}'" if key else ""))
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("SELECT sqlcipher_export('turned')")
    connection.executemany("UPDATE turned.sessions SET folder = ?2 WHERE id = ?1", folders.items())
    rows = [(file.size, file.sha256, id, file.name) for id, listed in files.items() for file in listed]
    connection.executemany("UPDATE turned.files SET size = ?, sha256 = ? WHERE session = ? AND name = ?", rows)
    connection.execute(f"PRAGMA turned.user_version = {version}")
    connection.execute("COMMIT")
    found = connection.execute("PRAGMA turned.quick_check").fetchone()[0]
    if found != "ok":
        raise UserError("The list of your sessions was not stored as it was written.", "Check the disk.", found)
    connection.execute("DETACH turned")
