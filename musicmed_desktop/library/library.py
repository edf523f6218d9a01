"""The library: the listener's sessions, whole, findable, and their own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from pydantic import ValidationError

from musicmed_desktop.affect import Affect
from musicmed_desktop.disk import unreadable, where_instead
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import interrupted as breaks
from musicmed_desktop.library.adopting import TRASH, adopt
from musicmed_desktop.library.collection import Collection
from musicmed_desktop.library.database import TO_REPAIR, DamagedIndexError
from musicmed_desktop.library.entry import Entry
from musicmed_desktop.library.index import Index
from musicmed_desktop.library.interrupted import Interrupted
from musicmed_desktop.library.keys import open_keys, refuse_turned
from musicmed_desktop.library.recording import LibraryRecording, NewRecording
from musicmed_desktop.library.rest import rest
from musicmed_desktop.library.resumed import ResumedRecording
from musicmed_desktop.library.schema import copies_of
from musicmed_desktop.library.shelf import SESSIONS, Shelf, StoredFile
from musicmed_desktop.library.sound import SOUND
from musicmed_desktop.library.trash import TRASH_DAYS, purge
from musicmed_desktop.library.turning import recover
from musicmed_desktop.plan import Prescription
from musicmed_desktop.session.folder import RECORD
from musicmed_desktop.session.record import SessionRecord


class Library:
    """The sessions in `folder`. Makes nothing there until the first one; all that fails raises UserError.

    A locked library needs its `passphrase`: LockedError without one, WrongPassphraseError with another. May be used
    from several threads, and from several programs at once. What is done with a `collection` as a whole (to verify it,
    to lock it, to copy it) has modules of its own.
    """

    def __init__(self, folder: Path, passphrase: str | None = None) -> None:
        _refuse_unusable(folder)
        self.folder = folder
        self.reopen(passphrase)

    def reopen(self, passphrase: str | None = None) -> None:
        """Open it anew, after it was locked or unlocked; raises what the constructor does."""
        folder = self.folder
        recover(folder)
        keys = open_keys(folder, passphrase)
        index = Index(folder, keys.index if keys else None, lambda: refuse_turned(folder, keys is not None))
        self.collection = Collection(index, Shelf(folder / SESSIONS, keys.files if keys else None))
        if not index.database.exists() and any((folder / name).is_dir() for name in (SESSIONS, TRASH)):
            if copies_of(index.database.path):  # which have the words, and the files have not
                raise DamagedIndexError("The list of your sessions is missing.", TO_REPAIR, str(index.database.path))
            adopt(self.collection, folder)

    # --- what is there

    def entries(self) -> tuple[Entry, ...]:
        """What was kept and not deleted, the newest first."""
        return self.collection.index.entries()

    def deleted(self) -> tuple[Entry, ...]:
        """What lies in the trash, the newest first."""
        return self.collection.index.entries(deleted=True)

    def record(self, id: str) -> SessionRecord:
        """What was asked, played and measured."""
        folder = self.collection.index.folder(id)
        try:
            return SessionRecord.model_validate_json(self.collection.shelf.read(folder, RECORD))
        except ValidationError as error:
            hint = "Its music can still be played."
            raise UserError("The course of this session cannot be read.", hint, f"{folder}: {error}") from None

    def sound(self, id: str) -> BinaryIO:
        """The session's music, a FLAC file open for reading; of a locked library it is in memory alone."""
        folder = self.collection.index.folder(id)
        if not self.collection.shelf.has(folder, SOUND):
            raise _no_sound(self.collection.index.files(id), folder)
        return self.collection.shelf.open(folder, SOUND)

    # --- what is done with it

    def change(self, id: str, **values: Any) -> Entry:
        """Set these fields of the entry: a title, a note, how the listener felt after. Returns the entry."""
        return self.collection.index.change(id, **values)

    def delete(self, id: str) -> None:
        """Into the trash, from where `restore` brings it back."""
        self.change(id, deleted=datetime.now(UTC))

    def restore(self, id: str) -> None:
        self.change(id, deleted=None)

    def purge(self, days: float = TRASH_DAYS) -> int:
        """Remove for good, and without a trace, what was deleted `days` ago or more; returns how many sessions."""
        return purge(self.collection, days)

    # --- what comes

    def recording(self, started: datetime, words: str = "", before: Affect | None = None) -> LibraryRecording:
        """A place for a session that begins at `started` (with time zone); `words` go into its folder's name.

        `before` is how the listener feels, where that is not where the music begins.
        """
        id = uuid4().hex
        folder, hold = self.collection.hold_new(id, started, words)
        return NewRecording(self.collection, id, folder, hold, started, before)

    def interrupted(self) -> tuple[Interrupted, ...]:
        """Sessions that a crash or a power cut ended, the newest first."""
        return breaks.interrupted(self.collection)

    def resume(self, found: Interrupted) -> tuple[Prescription, LibraryRecording]:
        """What to plan the rest of an interrupted session by, and where to record it."""
        return rest(found), ResumedRecording(self.collection, found)

    def keep(self, found: Interrupted) -> Entry:
        """Keep an interrupted session as it is. Takes seconds."""
        return breaks.keep(self.collection, found)

    def keep_broken_off(self, id: str) -> Entry:
        """Keep a session whose recording was discarded in the middle. Takes seconds."""
        for found in self.interrupted():
            if found.id == id:
                return self.keep(found)
        raise UserError("This session cannot be kept now.", "Close the app, and open it again.", id)

    def throw_away(self, found: Interrupted) -> None:
        """Remove an interrupted session for good."""
        breaks.throw_away(self.collection, found.id)

    def settle(self) -> None:
        """Bring to order what killed programs left; for the start of the app, in the background."""
        breaks.settle(self.collection)


def _no_sound(files: Sequence[StoredFile], folder: str) -> UserError:
    if any(file.name == SOUND for file in files):
        return UserError("The music of this session is no longer there.", "Choose another session.", folder)
    return UserError("This session came without its music.", "Ask whoever sent it to send it with the music.", folder)


def _refuse_unusable(folder: Path) -> None:
    try:
        folder.exists()
    except OSError as error:  # such as a name that no system takes
        raise unreadable(folder, error) from error
    existing = next(place for place in (folder, *folder.absolute().parents) if os.path.lexists(place))
    if not existing.is_dir():
        raise UserError(f"{existing} is a file, not a folder.", "Choose another folder for your sessions.")
    needed = os.R_OK | os.X_OK if existing == folder else os.W_OK | os.X_OK
    if not os.access(existing, needed):
        hint = where_instead(folder, "Choose a folder of your own for your sessions.")
        raise UserError(f"You may not use the folder {folder}.", hint)
