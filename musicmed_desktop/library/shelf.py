"""The files of the sessions: a folder for each, whose files are always whole, and sealed in a locked library."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from musicmed_desktop.disk import settle_names, unreadable, unwritable, write_whole, writing
from musicmed_desktop.errors import UserError
from musicmed_desktop.session.folder import FILES

SESSIONS = "sessions"  # a folder in the library, with one for each session
CLIPS = "clips"  # a folder in that of a session, until its joined sound is there
LOCK = "recording"  # a file in a session's folder, held while it is recorded
REMOVED = ".removed"  # ends the hidden name of a folder that is on its way out
SEALED = ".sealed"  # ends the name of each file in a locked library
_BLOCK = 1 << 20


@dataclass(frozen=True)
class StoredFile:
    """A file as it lies on the disk; `name` is the one that it has in a library that is not locked."""

    name: str
    size: int
    sha256: str


class Shelf:
    """The folder `place` with a folder for each session; files are encrypted with `key` where one is given.

    Names are those of `StoredFile`: session.flac, clips/003.flac. All that fails raises UserError.
    """

    def __init__(self, place: Path, key: bytes | None = None) -> None:
        self.place = place
        self.key = key

    @property
    def locked(self) -> bool:
        return self.key is not None

    def folder(self, folder: str) -> Path:
        return self.place / folder

    def path(self, folder: str, name: str) -> Path:
        return self.place / folder / (f"{name}{SEALED}" if self.locked else name)

    def make(self, folder: str) -> None:
        """A folder that is not there yet."""
        with writing(self.folder(folder)):
            self.place.mkdir(parents=True, exist_ok=True)
            self.folder(folder).mkdir()
            settle_names(self.place)

    def write(self, folder: str, name: str, content: bytes) -> StoredFile:
        """Whole and on the disk when it returns, and never there by half."""
        path, stored = self.path(folder, name), self._sealed(folder, name, content)
        with writing(path):
            if not path.parent.exists():  # clips/
                path.parent.mkdir()
                settle_names(path.parent.parent)
            write_whole(path, stored)
        return StoredFile(name, len(stored), sha256(stored).hexdigest())

    def read(self, folder: str, name: str) -> bytes:
        """Raises UserError where the file is missing, or was changed by somebody else."""
        path = self.path(folder, name)
        try:
            stored = path.read_bytes()
        except OSError as error:
            raise unreadable(path, error) from error
        return self._unsealed(folder, name, stored)

    def open(self, folder: str, name: str) -> BinaryIO:
        """For reading here and there; what is sealed is unsealed in memory, never on the disk."""
        if self.locked:
            return io.BytesIO(self.read(folder, name))
        path = self.path(folder, name)
        try:
            return path.open("rb")
        except OSError as error:
            raise unreadable(path, error) from error

    def grow(self, folder: str, name: str) -> Growing:
        """A file that comes about piece by piece."""
        return Growing(self, folder, name)

    def has(self, folder: str, name: str) -> bool:
        path = self.path(folder, name)
        try:
            return path.is_file()
        except OSError as error:  # a disk that fails is no missing file
            raise unreadable(path, error) from error

    def stored(self, folder: str, name: str) -> StoredFile:
        """What lies there now."""
        path = self.path(folder, name)
        try:
            with path.open("rb") as file:
                digest, size = sha256(), 0
                while block := file.read(_BLOCK):
                    digest.update(block)
                    size += len(block)
        except OSError as error:
            raise unreadable(path, error) from error
        return StoredFile(name, size, digest.hexdigest())

    def remove(self, folder: str) -> None:
        """The folder with all that lies in it; without effect where there is none.

        In one move: of a killed program a hidden folder may be left, never half a session.
        """
        path = self.folder(folder)
        gone = path if folder.startswith(".") else path.with_name(f".{folder}{REMOVED}")
        try:
            if gone != path:
                shutil.rmtree(gone, ignore_errors=True)
                path.replace(gone)
                settle_names(self.place)
            shutil.rmtree(gone)
        except FileNotFoundError:
            shutil.rmtree(gone, ignore_errors=True)  # an earlier try got no further
        except OSError as error:
            hint = "If it is playing, stop it, and try again."
            raise UserError("The session could not be removed.", hint, f"{path}: {error}") from error

    def tidy(self, folder: str, stored: Sequence[StoredFile]) -> None:
        """Leave what is `stored` of a session, and what a person laid beside it, in its folder.

        Where nothing is stored no music is removed, only what a killed program left, and the folder if that was all.
        """
        keep = {self.path(folder, file.name) for file in stored}
        with suppress(OSError):  # it is tried again another time
            # Backwards, so that what `has_leftovers` looks for goes last.
            for path in sorted(self.folder(folder).iterdir(), reverse=True):
                if path.name == CLIPS and keep:
                    shutil.rmtree(path)
                elif path not in keep and (_is_left_over(path.name) or (keep and _is_of_session(path))):
                    path.unlink()
            if not keep:
                self.folder(folder).rmdir()

    def has_leftovers(self, folder: str) -> bool:
        """Whether `tidy` has anything to do in a kept session's folder; quick, as thousands are asked at a start."""
        try:
            with os.scandir(self.folder(folder)) as found:
                return any(each.name == CLIPS or _is_left_over(each.name) for each in found)
        except OSError:  # it is looked at again another time
            return False

    def folders(self) -> Iterator[str]:
        """The names of all folders, also of those that the index does not know."""
        try:
            with os.scandir(self.place) as found:
                yield from sorted(each.name for each in found if each.is_dir(follow_symlinks=False))
        except FileNotFoundError:
            return
        except OSError as error:
            raise unreadable(self.place, error) from error

    def _sealed(self, folder: str, name: str, content: bytes) -> bytes:
        if self.key is None:
            return content
        from musicmed_desktop.library.sealing import sealed

        return sealed(content, self.key, f"{folder}/{name}")

    def _unsealed(self, folder: str, name: str, stored: bytes) -> bytes:
        if self.key is None:
            return stored
        from musicmed_desktop.library.sealing import DamagedError, unsealed

        try:
            return unsealed(stored, self.key, f"{folder}/{name}")
        except DamagedError as error:
            path = self.path(folder, name)
            raise UserError(f"{path} is damaged.", "Use a copy of it, if you have one.", str(error)) from error


def _is_left_over(name: str) -> bool:
    return (name.startswith(".") and name.endswith(".part")) or name == LOCK


def _is_of_session(path: Path) -> bool:
    return path.name.removesuffix(SEALED) in FILES


class Growing:
    """A file to write to, whole at its place once it is finished; in a locked library it grows in memory."""

    def __init__(self, shelf: Shelf, folder: str, name: str) -> None:
        self._shelf, self._folder, self._name = shelf, folder, name
        self.path = shelf.path(folder, name)
        self._part = self.path.with_name(f".{self.path.name}.part")
        try:
            self.file: BinaryIO = io.BytesIO() if shelf.locked else self._part.open("w+b")
        except OSError as error:
            raise unwritable(self.path, error) from error

    def finish(self) -> StoredFile:
        if isinstance(self.file, io.BytesIO):
            return self._shelf.write(self._folder, self._name, self.file.getvalue())
        with writing(self.path):
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()
            self._part.replace(self.path)
            settle_names(self.path.parent)
        return self._shelf.stored(self._folder, self._name)

    def discard(self) -> None:
        """Without effect once it is finished."""
        with suppress(OSError):
            self.file.close()
        with suppress(OSError):
            self._part.unlink()
