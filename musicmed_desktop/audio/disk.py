"""Files that libsndfile writes and reads through us."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, TypeVar

T = TypeVar("T")


class _Guard:
    """Exceptions cannot pass through libsndfile's C code: the first one waits here as `error`."""

    def __init__(self, file: BinaryIO) -> None:
        self.error: BaseException | None = None
        self.tell = file.tell
        self._file = file

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._attempt(lambda: self._file.seek(offset, whence), 0)  # writes what is buffered

    def _attempt(self, action: Callable[[], T], otherwise: T) -> T:
        try:
            return action()
        except BaseException as error:  # also Ctrl-C; whoever asked libsndfile raises it again
            self.error = self.error or error
            return otherwise


class Sink(_Guard):
    """The file that is written, as libsndfile sees it."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.read = file.read

    def write(self, data: bytes) -> int:
        return self._attempt(lambda: self._file.write(data), 0)


class Source(_Guard):
    """The file that is read, as libsndfile sees it."""

    def read(self, size: int) -> bytes:
        return self._attempt(lambda: self._file.read(size), b"")
