"""The SQLite file beneath the library: how it is opened, written to, and what is said when it refuses.

Each use opens a connection of its own, which takes less than a millisecond, so that no thread and no process shares
one. The driver is SQLCipher's, for plain files as for encrypted ones: one version of SQLite on every system.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from musicmed_desktop.disk import unwritable
from musicmed_desktop.errors import UserError

Connection = Any  # sqlcipher3.dbapi2.Connection; the driver has no types
Row = Any  # sqlcipher3.dbapi2.Row

PATIENCE_S = 30.0  # writers wait for each other
_FULL, _REFUSED = ("SQLITE_FULL",), ("SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")


class DamagedIndexError(UserError):
    """The file is no database, or a damaged one."""


class Database:
    """The file at `path`, encrypted with `key` (32 bytes) where one is given. `prepare` sees each new connection.

    All that fails raises UserError; DamagedIndexError where the file itself is to blame.
    """

    def __init__(self, path: Path, key: bytes | None = None, prepare: Callable[[Connection], None] | None = None):
        self.path = path
        self._key = key
        self._prepare = prepare

    def exists(self) -> bool:
        return self.path.exists()

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """A connection for reading; each statement stands for itself. Makes the file and its folder."""
        with self._told():
            connection = self._open()
            try:
                yield connection
            finally:
                connection.close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection for writing: all of it is on the disk when the context ends, or nothing where it raises."""
        with self.connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    with suppress(_driver().Error):  # SQLite may have rolled back by itself, or cannot: closing does
                        connection.execute("ROLLBACK")
                raise

    def _open(self) -> Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        driver = _driver()
        connection = driver.connect(str(self.path), timeout=PATIENCE_S, isolation_level=None, check_same_thread=False)
        try:
            if self._key is not None:
                connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
            connection.row_factory = driver.Row
            for setting in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
                connection.execute(f"PRAGMA {setting}")
            if self._prepare is not None:
                self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise unwritable(self.path, error) from error
        except _driver().DatabaseError as error:
            told = _in_words(self.path, error)
            if told is None:
                raise
            raise told from error


def _driver() -> Any:
    from sqlcipher3 import dbapi2

    return dbapi2


def _in_words(path: Path, error: Any) -> UserError | None:
    """What happened to the file, in a sentence; None where our own statement is wrong."""
    name = getattr(error, "sqlite_errorname", "") or ""
    detail = f"{path}: {error} ({name})"
    if name.startswith(_FULL):
        return unwritable(path, OSError(errno.ENOSPC, detail))
    if name.startswith(_DAMAGED):
        hint = "Close the app and run: musicmed library repair. It makes a new list of what is there."
        return DamagedIndexError("The list of your sessions is damaged.", hint, detail)
    if name.startswith(_BUSY):
        return UserError("Another program is busy with your sessions.", "Wait a moment, and try again.", detail)
    if name.startswith(_REFUSED):
        hint = "Check that the disk is there and that you may write to it, then try again."
        return UserError("The list of your sessions could not be read or written.", hint, detail)
    return None
