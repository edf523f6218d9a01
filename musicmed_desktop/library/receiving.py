"""Sessions that come from another library, and go to one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from musicmed_desktop.errors import UserError
from musicmed_desktop.library.collection import Collection
from musicmed_desktop.library.entry import Entry
from musicmed_desktop.library.exchange.parcel import FILES, SOUND, Parcel
from musicmed_desktop.library.holding import Hold
from musicmed_desktop.library.library import Library
from musicmed_desktop.session.folder import PICTURE, RECORD
from musicmed_desktop.session.trajectory import trajectory_svg


@dataclass(frozen=True)
class Received:
    """`was_there` tells whether the library had the session before; `added` is what it had not of it: the names of
    files, and of fields of the entry."""

    entry: Entry
    was_there: bool
    added: tuple[str, ...] = ()


def receive(library: Library, parcel: Parcel) -> Received:
    """Put the session into the library. Raises UserError.

    One that is there, known by its id, stays as it is, but for what is missing of it: music that comes later, a note
    or a feeling where there is none here. What the listener said here is never replaced. Out of the trash it comes
    back.
    """
    index, id = library.collection.index, parcel.entry.id
    index.create()
    if not index.has(id) and _stored(library.collection, parcel):
        return Received(index.entry(id), was_there=False)
    if id in index.recording():
        return Received(index.entry(id), was_there=True)
    added = (*_missing_files(library, parcel), *_missing_words(library, parcel))
    return Received(index.entry(id), was_there=True, added=added)


def send(library: Library, id: str, with_sound: bool = True) -> Parcel:
    """A kept session with all that the listener said of it. Raises UserError.

    The name of what played it stays here: it may be that of a person.
    """
    entry, collection = library.collection.index.entry(id), library.collection
    if id in collection.index.recording():
        raise UserError("This session has not come to its end.", "Finish it in the window, then send it.", id)
    folder = collection.index.folder(id)
    names = [name for name in FILES if collection.shelf.has(folder, name) and (with_sound or name != SOUND)]
    files = {name: collection.shelf.read(folder, name) for name in names}
    return Parcel(entry.changed(deleted=None, sound_device=""), library.record(id), files)


def _stored(collection: Collection, parcel: Parcel) -> bool:
    """Files first, row last; False, and nothing else, where another program was quicker."""
    entry, shelf = parcel.entry, collection.shelf
    contents = {RECORD: parcel.record.to_json().encode(), **parcel.files}
    contents.setdefault(PICTURE, trajectory_svg(parcel.record).encode())
    taken = False
    words = f"{entry.start_word} to {entry.target_word}"
    folder, hold = collection.hold_new(entry.id, entry.started, words)
    try:
        with hold:
            files = [shelf.write(folder, name, content) for name, content in contents.items()]
            taken = collection.index.add(entry.changed(deleted=None), folder, files)
    finally:
        if not taken:
            shelf.remove(folder)
    return taken


def _missing_files(library: Library, parcel: Parcel) -> tuple[str, ...]:
    """Add those that fit what is here; returns their names."""
    id, shelf, index = parcel.entry.id, library.collection.shelf, library.collection.index
    folder, files = index.folder(id), index.files(id)
    names = [name for name in parcel.files if not shelf.has(folder, name)]
    if not names or not shelf.has(folder, RECORD) or library.record(id) != parcel.record:
        return ()
    with Hold(shelf.folder(folder)):  # nobody tidies away what the index does not know yet
        stored = [shelf.write(folder, name, parcel.files[name]) for name in names]
        index.set_files(id, [*(file for file in files if file.name not in names), *stored])
    return tuple(names)


def _missing_words(library: Library, parcel: Parcel) -> tuple[str, ...]:
    """Add what nobody said here; returns the names of the fields."""
    ours, theirs = library.collection.index.entry(parcel.entry.id), parcel.entry
    values: dict[str, Any] = {
        name: getattr(theirs, name)
        for name in ("note", "after", "worse_at_s")
        if not getattr(ours, name) and getattr(theirs, name)
    }
    if ours.deleted:
        library.restore(ours.id)
    if values:
        library.change(ours.id, **values)
    return tuple(values)
