"""Small files that are always whole, locks that die with their process, and what to say when a disk refuses."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO

from musicmed_desktop.errors import UserError
from musicmed_desktop.paths import PORTABLE_FOLDER, data_folder, is_portable

_BESIDE = (
    f"MusicMed keeps everything beside itself here, in “{PORTABLE_FOLDER}”. See to it that this disk has room and may "
    "be written, or copy both to another disk."
)
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


def write_whole(path: Path, content: bytes, *, settled: bool = True) -> None:
    """Put `content` at `path` in one move: at any moment there is the old file or the new one, never a part.

    That holds when the process is killed; where it is `settled`, which takes the disk's time, also when the
    power fails. The file is for its owner's eyes only. Raises OSError where the disk refuses; then the old file
    is untouched. A killed process may leave a small `.NAME.*.part` beside it.
    """
    handle, name = mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if settled:
                os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    if settled:
        settle_names(path.parent)


def settle_file(path: Path) -> None:
    """Bring to the disk what somebody else wrote into the file."""
    with path.open("rb+") as written:
        os.fsync(written.fileno())


def settle_names(folder: Path) -> None:
    """Bring to the disk which names `folder` holds. Windows knows no such call, and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that cannot do this for folders
            raise
    finally:
        os.close(handle)


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
    return UserError(title, where_instead(path, hint), detail)


def where_instead(path: Path, hint: str) -> str:
    """The `hint` where `path` cannot be used; who has a portable program cannot choose another folder for it."""
    return _BESIDE if is_portable() and path.is_relative_to(data_folder()) else hint


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raises UserError where the disk refuses what is done to `path` meanwhile."""
    try:
        yield
    except OSError as error:
        raise unwritable(path, error) from error


def unreadable(path: Path, error: OSError) -> UserError:
    """The reason for which `path` could not be read, in a sentence."""
    detail = f"{path}: {error}"
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return UserError(f"There is no file {path}.", "Check the name and the folder.", detail)
    if isinstance(error, IsADirectoryError) or _is_folder(path):
        return UserError(f"{path} is a folder, not a file.", "Choose a file inside it.", detail)
    if isinstance(error, PermissionError):
        return UserError(f"You may not read {path}.", "Ask its owner, or copy it to a folder of your own.", detail)
    return UserError(f"{path} could not be read.", "Check the disk, or use a copy of the file.", detail)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # it lies where nobody may look
        return False


@contextmanager
def occupied(folder: Path, work: str) -> Iterator[None]:
    """Keep `folder`, which is made where there is none, for one `work`, as in "training".

    Raises UserError where another program is at it, and where the disk refuses.
    """
    if folder.is_file():
        raise UserError(f"{folder} is a file, not a folder.", "Choose another name.")
    lock = folder / ".lock"
    with writing(lock):
        folder.mkdir(parents=True, exist_ok=True)
        file = lock.open("ab")
    with file:
        if not hold(file):
            raise UserError(f"Another {work} is writing to {folder}.", "Wait for it, or choose another folder.")
        yield


if sys.platform == "win32":
    import msvcrt

    def hold(lock: BinaryIO) -> bool:
        try:
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def hold(lock: BinaryIO) -> bool:
        """Whether the open file `lock` is ours now; the system lets go of it when it is closed or a program dies.

        Where the file system knows no locks, it always is.
        """
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True
