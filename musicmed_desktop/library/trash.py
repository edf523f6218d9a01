"""The trash: what was deleted can be brought back for a time, and then leaves without a trace."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

from musicmed_desktop.disk import writing
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.collection import Collection
from musicmed_desktop.library.database import Database
from musicmed_desktop.library.rebuilding import WORKSHOP
from musicmed_desktop.library.schema import copies_of
from musicmed_desktop.library.sparing import clear_unfinished, keep_spare

TRASH_DAYS = 30.0


def purge(collection: Collection, days: float = TRASH_DAYS) -> int:
    """Remove for good what was deleted `days` ago or more; returns how many sessions. Raises UserError."""
    clear_unfinished(collection.index.database)
    border = datetime.now(UTC) - timedelta(days=days)
    trash = collection.index.entries(deleted=True)
    # A clock that was set back must not keep in the trash what is to be removed now.
    old = [entry for entry in trash if days <= 0 or (entry.deleted and entry.deleted <= border)]
    if not old:
        return 0
    _forget_copies(collection.index.database)  # first, so that they do not survive where this is killed
    folders = collection.index.folders()
    try:
        for entry in old:
            if entry.id in folders:  # another program may have been quicker
                collection.remove(entry.id, folders[entry.id])
    finally:  # of those before the one that could not be removed
        leave_no_trace(collection.index.database)
    return len(old)


def leave_no_trace(database: Database) -> None:
    """What was deleted is not even in unused pages of the file, in its log, or in copies of it. Raises UserError."""
    _forget_copies(database)
    with database.connected() as connection:
        connection.execute("VACUUM")
        (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        hint = "Close the other one, then empty the trash again."
        raise UserError("Another program is busy with your sessions.", hint, str(database.path))
    keep_spare(database)


def _forget_copies(database: Database) -> None:
    with writing(database.path):
        for copy in copies_of(database.path):
            copy.unlink(missing_ok=True)
        clear_unfinished(database)
        if (workshop := database.path.with_name(WORKSHOP)).exists():  # of a repair that was killed
            shutil.rmtree(workshop)
