"""A copy of the index, made at a start once a day: where the index is damaged, what the listener said survives."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from musicmed_desktop.disk import writing
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.database import Database
from musicmed_desktop.library.schema import copy_into, spare_of

EVERY_S = 24 * 3600.0


def keep_spare(database: Database) -> None:
    """Copy the index where the last copy is a day away, or where there is none.

    Where that fails, as where another program clears its copies at this moment, it is done another time.
    """
    with suppress(UserError):
        clear_unfinished(database)
        if database.exists() and not _is_fresh(spare_of(database.path)):
            with database.connected() as connection:
                copy_into(connection, spare_of(database.path))


def _is_fresh(spare: Path) -> bool:
    try:
        return abs(time.time() - spare.stat().st_mtime) < EVERY_S
    except OSError:
        return False


def clear_unfinished(database: Database) -> None:
    """Remove what a program that was killed left of a copy. Raises UserError."""
    with writing(database.path):
        for unfinished in database.path.parent.glob(f".{database.path.name}.*.part*"):
            unfinished.unlink(missing_ok=True)
