"""The sessions' files on the way from one shelf to another, where they are encrypted, or are no longer."""

from __future__ import annotations

from collections.abc import Sequence

from musicmed_desktop.disk import settle_names, writing
from musicmed_desktop.engines.models.progress import Meter
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.locking.inventory import Shelved
from musicmed_desktop.library.names import free_name, session_name
from musicmed_desktop.library.shelf import Shelf, StoredFile


class Copies:
    """Of sessions on the shelf `source`, on the shelf `target`.

    `folders` and `files` are what the index of the target has to say, by a session's id.
    """

    def __init__(self, source: Shelf, target: Shelf) -> None:
        self.folders: dict[str, str] = {}
        self.files: dict[str, tuple[StoredFile, ...]] = {}
        self._source, self._target = source, target
        self._copied: dict[str, Shelved] = {}

    def update(self, sessions: Sequence[Shelved], meter: Meter) -> None:
        """Copy what is not yet copied as it is now. Raises UserError; CancelledError of the meter."""
        present = {session.id for session in sessions}
        for id in set(self._copied) - present:
            self._drop(id)
        for session in sessions:
            if self._copied.get(session.id) != session:
                self._drop(session.id)
                self._copy(session, meter)

    def _drop(self, id: str) -> None:
        if self._copied.pop(id, None) is not None:
            self._target.remove(self.folders.pop(id))
            del self.files[id]

    def _copy(self, session: Shelved, meter: Meter) -> None:
        folder = self._free_folder(session)
        self.folders[session.id] = folder
        self._copied[session.id] = session
        if self._source.folder(session.folder).exists():  # else it was on its way out, and stays so
            self._target.make(folder)
        self.files[session.id] = tuple(self._listed(session, file, meter) for file in session.files)
        for name, _ in session.clips:
            if self._source.has(session.folder, name):
                self._convert(session, name, meter)
        if self._target.folder(folder).exists():
            with writing(self._target.folder(folder)):
                settle_names(self._target.folder(folder))

    def _free_folder(self, session: Shelved) -> str:
        """One that tells nothing where the target is locked; else one that a person finds."""
        if self._target.locked:
            return session.id
        taken = {name.casefold() for name in self.folders.values()}  # not every system tells a from A
        return free_name(session_name(session.started, session.words), lambda name: name.casefold() in taken)

    def _listed(self, session: Shelved, file: StoredFile, meter: Meter) -> StoredFile:
        """What the index will say of a file; one that is missing or damaged it calls so as before."""
        if not self._source.has(session.folder, file.name):
            return file
        found, copy = self._convert(session, file.name, meter)
        return copy if found == file else file

    def _convert(self, session: Shelved, name: str, meter: Meter) -> tuple[StoredFile, StoredFile]:
        """The file as it lies there, and its copy."""
        try:
            found = self._source.stored(session.folder, name)
            content = self._source.read(session.folder, name)
        except UserError as error:
            title = f"The session of {session.started:%Y-%m-%d %H:%M} cannot be read."
            hint = "Nothing was changed. Bring it back from a backup, or delete it and empty the trash."
            raise UserError(title, hint, str(error)) from error
        copy = self._target.write(self.folders[session.id], name, content)
        meter.count(found.size)
        return found, copy


def room_needed(sessions: Sequence[Shelved], shelf: Shelf) -> int:
    """Bytes of all files on the shelf, which lie there twice until the end."""
    return sum(path.stat().st_size for session in sessions for path in session.paths(shelf) if path.is_file())
