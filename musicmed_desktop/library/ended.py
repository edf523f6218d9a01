"""Sessions that came to their end, and of which the index tells an earlier state: it was brought back from a copy."""

from __future__ import annotations

from musicmed_desktop.errors import UserError
from musicmed_desktop.library.carrying import carried, put
from musicmed_desktop.library.collection import Collection
from musicmed_desktop.library.entry import Entry
from musicmed_desktop.library.holding import Hold, is_held
from musicmed_desktop.library.shelf import CLIPS, Shelf
from musicmed_desktop.library.sound import SOUND
from musicmed_desktop.session.folder import FILES, RECORD
from musicmed_desktop.session.record import SessionRecord


def has_ended(shelf: Shelf, folder: str) -> bool:
    """Whether all music is joined and no clip is left, as it is only of a session that was kept."""
    return shelf.has(folder, SOUND) and shelf.has(folder, RECORD) and not (shelf.folder(folder) / CLIPS).exists()


def enter_ended(collection: Collection) -> tuple[Entry, ...]:
    """Keep those that the index takes for interrupted; returns their entries. Raises UserError."""
    return tuple(_entered(collection, id) for id in collection.index.recording() if _is_behind(collection, id))


def _is_behind(collection: Collection, id: str) -> bool:
    folder = collection.index.folder(id)
    return not is_held(collection.shelf.folder(folder)) and has_ended(collection.shelf, folder)


def _entered(collection: Collection, id: str) -> Entry:
    index, shelf = collection.index, collection.shelf
    folder = index.folder(id)
    with Hold(shelf.folder(folder)):
        session = carried(index.database, id)
        if session is None or session.is_kept:  # another program was quicker
            return index.entry(id)
        told, entry = _told(collection, id, folder), index.entry(id)
        put(index.database, [session.without_clips()])  # of which it knows the first ones alone
        files = [shelf.stored(folder, name) for name in FILES if shelf.has(folder, name)]
        return index.finish(Entry.of(id, entry.started, told, entry.before), files)


def _told(collection: Collection, id: str, folder: str) -> SessionRecord:
    """Its record; where that is damaged, what was known at the start."""
    try:
        return SessionRecord.model_validate_json(collection.shelf.read(folder, RECORD))
    except (UserError, ValueError):
        return collection.index.draft(id)
