"""Files that libsndfile writes through us."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO


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
