"""A session that is being recorded is held by the program that does it; the system lets go when the program dies."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from musicmed_desktop.disk import hold, writing
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.shelf import LOCK

_TRIES, _PAUSE_S = 10, 0.01


class Hold:
    """The session in `folder` is ours until `release`, or the end of the context; UserError where another has it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK
        self._file = self._opened()
        while not self._is_there():  # who had it removed it in between
            self._file.close()
            self._file = self._opened()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def release(self) -> None:
        """Without effect the second time."""
        if self._file.closed:
            return
        removed = self._removed()  # as long as it is ours: a moment later it may be another one's
        self._file.close()
        if not removed:  # Windows removes no file that is open, and so not another one's either
            self._removed()

    def _opened(self) -> BinaryIO:
        with writing(self._path):
            file: BinaryIO = self._path.open("ab")
        if not _patiently_held(file):
            file.close()
            raise UserError("This session is running in another window.", "Finish it there first.", str(self._path))
        return file

    def _is_there(self) -> bool:
        try:
            return os.path.samestat(self._path.stat(), os.fstat(self._file.fileno()))
        except FileNotFoundError:
            return False

    def _removed(self) -> bool:
        try:
            self._path.unlink()
        except OSError:
            return False
        return True


def _patiently_held(file: BinaryIO) -> bool:
    """Another program may hold it for a moment only to see whether it is held."""
    for _ in range(_TRIES):
        if hold(file):
            return True
        time.sleep(_PAUSE_S)
    return False


def is_held(folder: Path) -> bool:
    """Whether a program is recording the session in `folder` now."""
    try:
        with (folder / LOCK).open("r+b") as lock:
            return not hold(lock)
    except FileNotFoundError:
        return False
    except OSError:  # where nobody may look, nobody should touch anything
        return True
