"""The tables of the index, one step for each version of it.

A step is never changed once it was published; a new one is added behind it, with a test of its own.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from musicmed_desktop.disk import settle_names
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.database import Connection, Database

Step = tuple[str, ...]  # statements

_FIRST: Step = (
    # A session is `recording` until its joined sound is there. Times are ISO 8601 with their zone; `at` is the same
    # moment in seconds since 1970, to sort by. `draft` is the record as it was at the start, while it is recording.
    """CREATE TABLE sessions (
        id TEXT PRIMARY KEY,
        folder TEXT NOT NULL UNIQUE,
        state TEXT NOT NULL CHECK (state IN ('recording', 'kept')),
        at REAL NOT NULL,
        started TEXT NOT NULL,
        seconds REAL NOT NULL CHECK (seconds >= 0),
        title TEXT NOT NULL,
        start_word TEXT NOT NULL,
        target_word TEXT NOT NULL,
        before_valence REAL NOT NULL CHECK (before_valence BETWEEN -1 AND 1),
        before_arousal REAL NOT NULL CHECK (before_arousal BETWEEN -1 AND 1),
        wished_valence REAL NOT NULL CHECK (wished_valence BETWEEN -1 AND 1),
        wished_arousal REAL NOT NULL CHECK (wished_arousal BETWEEN -1 AND 1),
        after_valence REAL CHECK (after_valence BETWEEN -1 AND 1),
        after_arousal REAL CHECK (after_arousal BETWEEN -1 AND 1),
        note TEXT NOT NULL,
        favourite INTEGER NOT NULL,
        engine TEXT NOT NULL,
        maker TEXT NOT NULL,
        shortened INTEGER NOT NULL,
        worse_at_s TEXT NOT NULL,
        underruns INTEGER NOT NULL,
        sound_device TEXT NOT NULL,
        deleted TEXT,
        draft TEXT
    ) STRICT""",
    "CREATE INDEX sessions_by_time ON sessions (state, deleted, at)",
    # `sha256` is that of the samples: 16 bits, little-endian, channels interleaved. `step` is the StepRecord while
    # the session is recording; afterwards session.json has it. A seam or a rest has none.
    """CREATE TABLE clips (
        session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
        number INTEGER NOT NULL,
        frames INTEGER NOT NULL CHECK (frames > 0),
        sha256 TEXT NOT NULL,
        step TEXT,
        PRIMARY KEY (session, number)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE changes (
        session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
        number INTEGER NOT NULL,
        change TEXT NOT NULL,
        PRIMARY KEY (session, number)
    ) STRICT, WITHOUT ROWID""",
    # The files of a kept session, as they lie on the disk.
    """CREATE TABLE files (
        session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
        name TEXT NOT NULL,
        size INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        PRIMARY KEY (session, name)
    ) STRICT, WITHOUT ROWID""",
)

STEPS: tuple[Step, ...] = (_FIRST,)


def refuse_newer(connection: Connection, steps: Sequence[Step] = STEPS) -> None:
    """Raises UserError where a newer version of the program wrote the file: this one could damage it."""
    version = _version(connection)
    if version > len(steps):
        raise UserError(
            "Your sessions were kept by a newer version of MusicMed.",
            "Please install that version again, or a later one. Nothing was changed.",
            f"The library has version {version}, this program knows {len(steps)}.",
        )


def migrate(database: Database, steps: Sequence[Step] = STEPS) -> None:
    """Bring the file to the newest version, step by step; a copy of it as it was is made before the first one.

    Each step is done wholly or not at all. Raises UserError.
    """
    with database.connected() as connection:
        refuse_newer(connection, steps)
        version = _version(connection)
        if 0 < version < len(steps):
            copy_into(connection, copy_of(database.path, version))
    for number in range(version, len(steps)):
        with database.transaction() as connection:
            if _version(connection) != number:  # another program was quicker
                continue
            for statement in steps[number]:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")


def is_made(connection: Connection) -> bool:
    """Whether there are tables in the file; there are none yet where another program is just making it."""
    return _version(connection) > 0


def copy_of(path: Path, version: int) -> Path:
    """Where the file is copied to before it leaves `version`."""
    return path.with_name(f"{path.name}.version-{version}")


def spare_of(path: Path) -> Path:
    """Where the file is copied to now and then."""
    return path.with_name(f"{path.name}.spare-1")


def copies_of(path: Path) -> list[Path]:
    """All copies of the file: spare ones, of earlier versions, damaged ones that repair set aside."""
    kinds = ("damaged", "spare", "version")
    return sorted(copy for kind in kinds for copy in path.parent.glob(f"{path.name}.{kind}-*"))


def _version(connection: Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def copy_into(connection: Connection, target: Path) -> None:
    """A copy of the file as it is now, whole at any moment, and encrypted with the same key."""
    handle, part = mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    os.close(handle)
    try:
        connection.execute("VACUUM INTO ?", (part,))  # into an empty file, which it settles
        with suppress(FileNotFoundError):  # another program removes all copies
            Path(part).replace(target)
        settle_names(target.parent)
    finally:
        for left in (part, f"{part}-journal"):
            with suppress(OSError):  # it is cleared another time
                Path(left).unlink(missing_ok=True)
