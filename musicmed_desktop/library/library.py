"""The library: one folder per session, found again by its entry. Nothing in it is lost by a crash."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from musicmed_desktop.audio.files import Format
from musicmed_desktop.disk import unreadable, unwritable
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.entry import ENTRY, Entry, read_entry, write_entry
from musicmed_desktop.library.export import export_folder, export_sound
from musicmed_desktop.library.names import free_name, session_name
from musicmed_desktop.library.recording import LibraryRecording
from musicmed_desktop.library.rescue import UNFINISHED, rescue
from musicmed_desktop.library.shelf import broken_in, entries_in, session_in
from musicmed_desktop.session.folder import RECORD, SOUNDS, staging_place
from musicmed_desktop.session.record import SessionRecord

TRASH_DAYS = 30.0


class Library:
    """The sessions in `folder`. Makes nothing there until the first one; all that fails raises UserError.

    A session is a folder in sessions/ or, deleted, in trash/; where it lies decides. Folders that cannot be
    understood are left alone. Made anew for another folder; may be used from several threads.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._sessions = folder / "sessions"
        self._trash = folder / "trash"
        _refuse_unusable(folder)

    def entries(self) -> tuple[Entry, ...]:
        """What was kept and not deleted, the newest first."""
        return tuple(entry.model_copy(update={"deleted": None}) for entry in entries_in(self._sessions))

    def deleted(self) -> tuple[Entry, ...]:
        """What lies in the trash, the newest first."""
        return entries_in(self._trash)

    def broken(self) -> tuple[Path, ...]:
        """Folders of sessions that cannot be listed, since a file in them is damaged."""
        return broken_in(self._sessions)

    def recording(self, started: datetime, words: str = "") -> LibraryRecording:
        """A place for a session that begins at `started` (with time zone); `words` go into its folder's name."""
        name = free_name(session_name(started, words), self._is_taken)
        return LibraryRecording(self._sessions / name, started)

    def add(self, recording: LibraryRecording, entry: Entry) -> Entry:
        """Complete what the library has of a recording that was kept; returns the entry with its id."""
        own = entry.changed(id=recording.id)
        self.save(own)
        return own

    def save(self, entry: Entry) -> None:
        """Write the entry anew: a title, a note, how the listener felt after."""
        folder = session_in(self._sessions, entry.id)
        try:
            write_entry(folder, entry)
        except OSError as error:
            raise unwritable(folder / ENTRY, error) from error

    def record(self, id: str) -> SessionRecord:
        """What was asked, played and measured."""
        path = session_in(self._sessions, id) / RECORD
        try:
            return SessionRecord.model_validate_json(path.read_bytes())
        except OSError as error:
            raise unreadable(path, error) from error
        except ValidationError as error:
            hint = "Its music can still be played."
            raise UserError("The course of this session cannot be read.", hint, f"{path}: {error}") from None

    def audio(self, id: str) -> Path:
        """The session's sound file."""
        folder = session_in(self._sessions, id)
        for name in SOUNDS.values():
            if (folder / name).is_file():
                return folder / name
        raise UserError("The music of this session is no longer there.", "Choose another session.", str(folder))

    def delete(self, id: str) -> None:
        """Move a session to the trash, from where `restore` brings it back."""
        folder = session_in(self._sessions, id)
        with _moving(folder, "deleted"):
            entry = read_entry(folder)
            self._trash.mkdir(exist_ok=True)
            if entry is not None:
                write_entry(folder, entry.changed(deleted=datetime.now(UTC)))
            folder.rename(self._trash / id)

    def restore(self, id: str) -> None:
        folder = session_in(self._trash, id)
        with _moving(folder, "brought back"):
            self._sessions.mkdir(exist_ok=True)
            folder.rename(self._sessions / id)
            entry = read_entry(self._sessions / id)
            if entry is not None:
                write_entry(self._sessions / id, entry.changed(deleted=None))

    def purge(self, days: float = TRASH_DAYS) -> None:
        """Remove for good what was deleted more than `days` ago."""
        border = datetime.now(UTC) - timedelta(days=days)
        for entry in self.deleted():
            if entry.deleted is not None and entry.deleted <= border:
                _remove(self._trash / entry.id)

    def export(self, id: str, target: Path, format: Format) -> None:
        """Write the session's sound to the file `target`, whole or not at all; takes some seconds."""
        export_sound(self.audio(id), target, format)

    def export_folder(self, id: str, parent: Path) -> Path:
        """Copy the session, without the listener's own words, into a new folder in `parent`."""
        return export_folder(session_in(self._sessions, id), parent)

    def rescue(self) -> tuple[Path, ...]:
        """Save what a run that was killed left; for the start of the app, before anything is recorded."""
        return tuple(rescue(self._sessions, self.folder / UNFINISHED))

    def _is_taken(self, name: str) -> bool:
        places = (self._sessions / name, self._trash / name, staging_place(self._sessions / name))
        return any(os.path.lexists(place) for place in places)


def _refuse_unusable(folder: Path) -> None:
    existing = next(place for place in (folder, *folder.absolute().parents) if os.path.lexists(place))
    if not existing.is_dir():
        raise UserError(f"{existing} is a file, not a folder.", "Choose another folder for your sessions.")
    needed = os.R_OK | os.X_OK if existing == folder else os.W_OK | os.X_OK
    if not os.access(existing, needed):
        raise UserError(f"You may not use the folder {folder}.", "Choose a folder of your own for your sessions.")


@contextmanager
def _moving(folder: Path, what: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        hint = "If it is playing, stop it, and try again."
        raise UserError(f"The session could not be {what}.", hint, f"{folder}: {error}") from error


def _remove(folder: Path) -> None:
    """The entry last: what is removed by half is still found, and removed the next time."""
    with _moving(folder, "removed"):
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name != ENTRY:
                path.unlink()
        shutil.rmtree(folder)
