"""A session whose folder somebody renamed is found again by what lies in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from musicmed_desktop.disk import settle_names, writing
from musicmed_desktop.library.collection import Collection, clip_name
from musicmed_desktop.library.pcm import hash_of, pcm_in
from musicmed_desktop.library.sound import SOUND
from musicmed_desktop.session.folder import RECORD


def strange_folders(collection: Collection) -> tuple[str, ...]:
    """Folders that people see and the index does not know."""
    known = set(collection.index.folders().values())
    return tuple(name for name in collection.shelf.folders() if name not in known and not name.startswith("."))


def strange_sessions(collection: Collection) -> tuple[str, ...]:
    """Those of them in which a session seems to lie."""
    shelf = collection.shelf
    telling = (RECORD, SOUND, clip_name(0))
    return tuple(name for name in strange_folders(collection) if any(shelf.has(name, file) for file in telling))


def reunite(collection: Collection) -> None:
    """Let the index know the new names; in a locked library, where names matter, the old ones come back. UserError."""
    folders = collection.index.folders()
    missing = {id: name for id, name in folders.items() if not collection.shelf.folder(name).exists()}
    if not missing:
        return
    for found in strange_sessions(collection):
        id = _whose(collection, found, missing)
        if id is None:
            continue
        if collection.shelf.locked:
            with writing(collection.shelf.folder(found)):
                collection.shelf.folder(found).rename(collection.shelf.folder(missing[id]))
                settle_names(collection.shelf.place)
        else:
            collection.index.set_folder(id, found)
        del missing[id]


def _whose(collection: Collection, folder: str, missing: Mapping[str, str]) -> str | None:
    """The id of the session that the folder belongs to."""
    shelf, index = collection.shelf, collection.index
    if shelf.has(folder, RECORD):
        record = shelf.stored(folder, RECORD)
        return _first(id for id in missing if record in index.files(id))
    if shelf.has(folder, clip_name(0)) and not shelf.locked:
        try:
            digest = hash_of(pcm_in(shelf.read(folder, clip_name(0)))[0])
        except ValueError:
            return None
        return _first(id for id in missing if any(clip.sha256 == digest for clip in index.clips(id)[:1]))
    return None


def _first(ids: Iterable[str]) -> str | None:
    return next(iter(ids), None)
