"""The SQLite file beneath the library: how it is opened, written to, and what is said when it refuses.

Each use opens a connection of its own, which takes less than a millisecond, so that no thread and no process shares
one. The driver is SQLCipher's, for plain files as for encrypted ones: one version of SQLite on every system.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from musicmed_desktop.disk import unreadable, unwritable
from musicmed_desktop.errors import UserError

Connection = Any  # sqlcipher3.dbapi2.Connection; the driver has no types
Row = Any  # sqlcipher3.dbapi2.Row

PATIENCE_S = 30.0  # writers wait for each other
TO_REPAIR = "Close the app and run: musicmed library repair. It makes a new list of what is there."
_FULL, _READ_ONLY = "SQLITE_FULL", "SQLITE_READONLY"
_REFUSED = ("SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_PROTOCOL")
_PAUSE_S = 0.005
_LEAST_ROOM = 1 << 18  # bytes; the log and its index begin with less
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")


class DamagedIndexError(UserError):
    """The file is no database, or a damaged one."""


class Database:
    """The file at `path`, encrypted with `key` (32 bytes) where one is given. `prepare` sees each new connection.

    `refuse` raises UserError where the file is not to be used any more. It is called when a connection is there, which
    keeps the file from being exchanged, and before the file is called damaged.

    All that fails raises UserError; DamagedIndexError where the file itself is to blame.
    """

    def __init__(
        self,
        path: Path,
        key: bytes | None = None,
        prepare: Callable[[Connection], None] | None = None,
        refuse: Callable[[], None] = lambda: None,
    ) -> None:
        self.path = path
        self.refuse = refuse
        self.key = key
        self._prepare = prepare

    def exists(self) -> bool:
        """Whether there is anything in the file; a disk that was full may have left an empty one."""
        try:
            return self.path.stat().st_size > 0
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise unreadable(self.path, error) from error

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

    def damage(self) -> tuple[str, ...]:
        """What SQLite finds wrong with the file when it reads all of it, in its own words."""
        ciphered = () if self.key is None else ("cipher_integrity_check",)
        try:
            with self.connected() as connection:
                found = [row for check in ciphered for row in connection.execute(f"PRAGMA {check}")]
                found += [row for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
                found += connection.execute("PRAGMA foreign_key_check").fetchall()
        except DamagedIndexError as error:
            return (error.detail,)
        return tuple(" ".join(map(str, row)) for row in found)

    def _open(self) -> Connection:
        driver = _driver()
        connection = driver.connect(self._address(), uri=True, timeout=PATIENCE_S, isolation_level=None)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to the terminal
            if self.key is not None:
                connection.execute(f"PRAGMA key = \"x'{self.key.hex()}'\"")
            connection.row_factory = driver.Row
            _use_log(connection)
            for setting in ("foreign_keys = ON", "synchronous = FULL", "secure_delete = ON"):
                connection.execute(f"PRAGMA {setting}")
            self.refuse()
            if self._prepare is not None:
                self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _address(self) -> str:
        """A file on a disk that cannot be written is read without a lock and a log, for it cannot change."""
        if self.path.exists() and not os.access(self.path.parent, os.W_OK):
            return f"{self.path.absolute().as_uri()}?immutable=1"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if not self.path.exists():
            self.path.touch(mode=0o600)  # for its owner's eyes only; SQLite does the same with its log
        return self.path.absolute().as_uri()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise unwritable(self.path, error) from error
        except _driver().DatabaseError as error:
            self.refuse()
            told = _in_words(self.path, error)
            if told is None:
                raise
            raise told from error


def _use_log(connection: Connection) -> None:
    """SQLite itself does not wait where another program is doing the same at this moment."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except _driver().OperationalError as error:
            if not error.sqlite_errorname.startswith(_BUSY) or time.monotonic() >= deadline:
                raise
        time.sleep(_PAUSE_S)


def _driver() -> Any:
    from sqlcipher3 import dbapi2

    return dbapi2


def _in_words(path: Path, error: Any) -> UserError | None:
    """What happened to the file, in a sentence; None where our own statement is wrong."""
    name = getattr(error, "sqlite_errorname", "") or ""
    detail = f"{path}: {error} ({name})"
    if name.startswith(_FULL) or (name.startswith(_REFUSED) and _is_full(path)):
        return unwritable(path, OSError(errno.ENOSPC, detail))
    if name.startswith(_READ_ONLY):
        return unwritable(path, OSError(errno.EROFS, detail))
    if name.startswith(_DAMAGED):
        return DamagedIndexError("The list of your sessions is damaged.", TO_REPAIR, detail)
    if name.startswith(_BUSY):
        return UserError("Another program is busy with your sessions.", "Wait a moment, and try again.", detail)
    if name.startswith(_REFUSED):
        hint = "Check that the disk is there and that you may write to it, then try again."
        return UserError("The list of your sessions could not be read or written.", hint, detail)
    return None


def _is_full(path: Path) -> bool:
    """SQLite tells of a full disk in several ways, where it is its log or its shared memory that cannot grow."""
    try:
        return shutil.disk_usage(path.parent).free < _LEAST_ROOM
    except OSError:
        return False
