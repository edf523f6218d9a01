"""Files that libsndfile writes through us, and what to say when a disk or a folder refuses."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from musicmed_desktop.errors import UserError

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


class Sink:
    """The file as libsndfile sees it. Exceptions cannot pass through its C code: the first one waits here."""

    def __init__(self, file: BinaryIO) -> None:
        self.error: BaseException | None = None
        self.tell = file.tell
        self.read = file.read
        self._file = file

    def write(self, data: bytes) -> int:
        return self._attempt(lambda: self._file.write(data))

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._attempt(lambda: self._file.seek(offset, whence))  # writes what is buffered

    def _attempt(self, action: Callable[[], int]) -> int:
        try:
            return action()
        except BaseException as error:  # also Ctrl-C; AudioWriter raises it again
            self.error = self.error or error
            return 0


def unwritable(path: Path, error: OSError) -> UserError:
    """The reason for which `path` could not be written, in a sentence."""
    detail = f"{path}: {error}"
    if error.errno in _FULL:
        title, hint = "The disk is full.", "Free some space, or choose a folder on another disk."
    elif error.errno == errno.EROFS:
        title, hint = f"The disk that holds {path.parent} is read-only.", "Choose a folder on another disk."
    elif isinstance(error, FileNotFoundError | NotADirectoryError):
        title, hint = f"There is no folder {path.parent}.", "Create it, or choose another one."
    elif isinstance(error, IsADirectoryError):
        title, hint = f"{path} is a folder, not a file.", "Choose another name."
    elif isinstance(error, PermissionError):
        title, hint = f"You may not write {path}.", "Choose a folder of your own."
    else:
        title, hint = f"{path} could not be written.", "Choose another folder or another disk."
    return UserError(title, hint, detail)


def unreadable(path: Path, error: OSError) -> UserError:
    """The reason for which `path` could not be read, in a sentence."""
    detail = f"{path}: {error}"
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return UserError(f"There is no file {path}.", "Check the name and the folder.", detail)
    if isinstance(error, IsADirectoryError) or path.is_dir():
        return UserError(f"{path} is a folder, not a file.", "Choose a file inside it.", detail)
    if isinstance(error, PermissionError):
        return UserError(f"You may not read {path}.", "Ask its owner, or copy it to a folder of your own.", detail)
    return UserError(f"{path} could not be read.", "Check the disk, or use a copy of the file.", detail)
