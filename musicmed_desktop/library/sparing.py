"""A copy of the index, made at a start once a day: where the index is damaged, what the listener said survives."""

from __future__ import annotations

import time

from musicmed_desktop.disk import writing
from musicmed_desktop.library.database import Database
from musicmed_desktop.library.schema import copy_into, spare_of

EVERY_S = 24 * 3600.0


def keep_spare(database: Database) -> None:
    """Copy the index where the last copy is a day away, or where there is none. Raises UserError."""
    clear_unfinished(database)
    spare = spare_of(database.path)
    if not database.exists() or (spare.exists() and abs(time.time() - spare.stat().st_mtime) < EVERY_S):
        return
    with database.connected() as connection:
        copy_into(connection, spare)


def clear_unfinished(database: Database) -> None:
    """Remove what a program that was killed left of a copy. Raises UserError."""
    with writing(database.path):
        for unfinished in database.path.parent.glob(f".{database.path.name}.*.part*"):
            unfinished.unlink(missing_ok=True)
