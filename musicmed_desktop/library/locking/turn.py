"""A library is locked, and unlocked: at any moment it is as it was, or as it shall be."""

from __future__ import annotations

import shutil
from pathlib import Path

from musicmed_desktop.amounts import amount
from musicmed_desktop.disk import writing
from musicmed_desktop.engines.models.progress import Cancelled, Meter, Told, nobody, untold
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.index import INDEX
from musicmed_desktop.library.keys import Keys, is_locked, new_keys, write_keys
from musicmed_desktop.library.library import Library
from musicmed_desktop.library.locking.copies import Copies, room_needed
from musicmed_desktop.library.locking.index import alone, write_index
from musicmed_desktop.library.locking.inventory import Shelved, inventory
from musicmed_desktop.library.locking.passphrase import check_new, not_locked
from musicmed_desktop.library.locking.strangers import refuse_strangers, refuse_use
from musicmed_desktop.library.shelf import SESSIONS, Shelf
from musicmed_desktop.library.turning import complete, decide, preparing

_SPARE = 1 << 24  # bytes, for the index and what files take beside their contents


def lock(folder: Path, passphrase: str, told: Told = untold, cancelled: Cancelled = nobody) -> None:
    """Encrypt all that the library in `folder` holds; from then on it opens with the passphrase alone.

    Takes as long as a copy of all files. Others may use the library meanwhile, but nobody may be recording; who has it
    open at the end has to open it again. Raises UserError and CancelledError; then the library is as it was.
    """
    check_new(passphrase)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with preparing(folder) as place:
        if is_locked(folder):
            raise UserError("Your sessions are locked already.", "You can change the passphrase.", str(folder))
        keys = new_keys()
        write_keys(place, keys, passphrase)
        library = Library(folder)
        library.collection.index.create()
        _turn(library, place, keys, told, cancelled)


def unlock(folder: Path, passphrase: str, told: Told = untold, cancelled: Cancelled = nobody) -> None:
    """The way back: all is readable again, for whoever can read the disk.

    Raises WrongPassphraseError with another passphrase, and else what `lock` does.
    """
    with preparing(folder) as place:
        if not is_locked(folder):
            raise not_locked(folder)
        library = Library(folder, passphrase)
        library.collection.index.create()
        _turn(library, place, None, told, cancelled)


def _turn(library: Library, place: Path, keys: Keys | None, told: Told, cancelled: Cancelled) -> None:
    """Most is done while others go on; what they change meanwhile is done again when nobody can any more."""
    index, shelf = library.collection.index, library.collection.shelf
    with writing(place):
        (place / SESSIONS).mkdir()
    copies = Copies(shelf, Shelf(place / SESSIONS, keys.files if keys else None))
    with index.database.connected() as connection:
        sessions = inventory(connection)
    _check(library, sessions)
    needed = room_needed(sessions, shelf)
    _require_room(library.folder, needed)
    meter = Meter("copying", needed, told, cancelled)
    copies.update(sessions, meter)
    with alone(index.database) as connection:
        sessions = inventory(connection)
        _check(library, sessions)
        copies.update(sessions, meter)
        write_index(connection, place / INDEX, keys.index if keys else None, copies.folders, copies.files)
        decide(library.folder, locks=keys is not None)
    complete(library.folder)


def _check(library: Library, sessions: tuple[Shelved, ...]) -> None:
    refuse_use(library.collection)
    refuse_strangers(library.folder, library.collection, sessions)


def _require_room(folder: Path, needed: int) -> None:
    free, needed = shutil.disk_usage(folder).free, needed + (folder / INDEX).stat().st_size + _SPARE
    if free < needed:
        hint = f"For a while {amount(needed)} are needed, and {amount(free)} are free. Make some room, and try again."
        raise UserError("There is not enough room on the disk.", hint, str(folder))
