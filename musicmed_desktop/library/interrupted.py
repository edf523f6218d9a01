"""A session that was interrupted, by a crash or a power cut, and what can become of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass

from musicmed_desktop.errors import UserError
from musicmed_desktop.library.collection import Collection
from musicmed_desktop.library.ended import enter_ended, has_ended
from musicmed_desktop.library.entry import Entry
from musicmed_desktop.library.holding import Hold, is_held
from musicmed_desktop.library.joining import join
from musicmed_desktop.library.reuniting import reunite, strange_sessions
from musicmed_desktop.library.shelf import CLIPS, LOCK, REMOVED, Shelf
from musicmed_desktop.library.sparing import keep_spare
from musicmed_desktop.library.trash import leave_no_trace
from musicmed_desktop.plan import Prescription
from musicmed_desktop.session.record import SessionRecord

_NOTHING_S = 2.0  # of music is not worth going on for


@dataclass(frozen=True)
class Interrupted:
    """A session whose end is missing.

    `draft` is its record so far; `heard_s` the length of what is stored. `prescription` is the one that held last,
    and its path begins at `from_s` of the session.
    """

    entry: Entry
    draft: SessionRecord
    heard_s: float

    @property
    def id(self) -> str:
        return self.entry.id

    @property
    def prescription(self) -> Prescription:
        return self._last[0]

    @property
    def from_s(self) -> float:
        return self._last[1]

    @property
    def complete(self) -> bool:
        """Whether all music is there, and only the joined sound is not."""
        return self.from_s + 60 * self.prescription.minutes - self.heard_s < _NOTHING_S

    @property
    def _last(self) -> tuple[Prescription, float]:
        held = [(change.prescription, change.at_s) for change in self.draft.changes if change.path]
        return held[-1] if held else (self.draft.prescription, 0.0)


def interrupted(collection: Collection) -> tuple[Interrupted, ...]:
    """The sessions of which something was heard, and which nobody is recording any more; the newest first."""
    return tuple(found for found in _left(collection) if found.heard_s)


def keep(collection: Collection, found: Interrupted) -> Entry:
    """End the session where it was interrupted. Takes seconds. Raises UserError."""
    folder, audio = collection.index.folder(found.id), found.draft.audio
    with Hold(collection.shelf.folder(folder)):
        refuse_ended(collection, found.id)
        sound, audio = join(collection, found.id, audio.sample_rate, audio.channels)
        record = found.draft.model_copy(update={"audio": audio, "shortened": not found.complete})
        files = [sound, *collection.store_record(folder, record)]
        return collection.finish(Entry.of(found.id, found.entry.started, record, found.entry.before), files)


def throw_away(collection: Collection, id: str) -> None:
    """Remove what is there of an interrupted session, for good. Raises UserError."""
    folder = collection.index.folder(id)
    place = collection.shelf.folder(folder)
    with Hold(place) if place.is_dir() else nullcontext():
        refuse_ended(collection, id)
    collection.remove(id, folder)


def refuse_ended(collection: Collection, id: str) -> None:
    """For who holds a session and may have learnt a while ago that it was interrupted. Raises UserError."""
    if id not in collection.index.recording():
        raise UserError("This session was brought to its end in another window.", "It is in My sessions.", id)


def settle(collection: Collection) -> None:
    """Bring to order what killed programs left, but for what the listener has to decide. Raises UserError."""
    reunite(collection)
    enter_ended(collection)
    for found in _left(collection):
        with suppress(UserError):  # a damaged one is offered to the listener; another program may be at it
            if not found.heard_s:
                throw_away(collection, found.id)
            elif found.complete:
                keep(collection, found)
    if left := removed_by_half(collection):
        for id in left:
            collection.index.remove(id)
        leave_no_trace(collection.index.database)
    known, recording = collection.index.folders(), collection.index.recording()
    for id in set(known) - set(recording):
        place = collection.shelf.folder(known[id])
        if collection.shelf.has_leftovers(known[id]) and not is_held(place):  # else music for it is just coming
            collection.shelf.tidy(known[id], collection.index.files(id))
    if strange := set(collection.shelf.folders()) - set(known.values()):
        with collection.index.database.transaction():  # in which nobody makes a folder
            for folder in strange - set(collection.index.folders().values()):
                _clear(collection.shelf, folder)
    keep_spare(collection.index.database)


def removed_by_half(collection: Collection) -> tuple[str, ...]:
    """The ids of sessions that were on their way out when a program was killed: their folders are gone.

    None where the folder of all sessions is not there, as on a disk that is not, or where a session is there that
    nobody knows: somebody may have moved it.
    """
    if not collection.shelf.place.is_dir() or strange_sessions(collection):
        return ()
    folders, index = collection.index.folders(), collection.index
    leaving = (*index.recording(), *(entry.id for entry in index.entries(deleted=True)))
    return tuple(id for id in leaving if id in folders and not collection.shelf.folder(folders[id]).exists())


def _clear(shelf: Shelf, folder: str) -> None:
    """Of a folder that the index does not know: what was on its way out, or was coming from elsewhere.

    Clips in one are of a session whose row was lost, and stay.
    """
    place = shelf.folder(folder)
    if folder.startswith(".") and folder.endswith(REMOVED):
        shelf.remove(folder)
    elif is_held(place) or (place / CLIPS).exists():
        return
    elif (place / LOCK).exists():
        shelf.remove(folder)
    else:
        shelf.tidy(folder, ())


def _left(collection: Collection) -> Iterator[Interrupted]:
    folders = collection.index.folders()
    for id in collection.index.recording():
        folder = collection.shelf.folder(folders.get(id, ""))
        if id in folders and folder.exists() and not is_held(folder) and not has_ended(collection.shelf, folder.name):
            try:
                found = _found(collection, id)
            except UserError:
                if collection.index.has(id):
                    raise
                continue  # it was thrown away meanwhile
            yield found


def _found(collection: Collection, id: str) -> Interrupted:
    draft = collection.index.draft(id)
    frames = sum(clip.frames for clip in collection.index.clips(id))
    return Interrupted(collection.index.entry(id), draft, frames / draft.audio.sample_rate)
