"""A file that arrives piece by piece, and is what it is whenever the program is stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from musicmed_desktop.disk import writing


class Part:
    """The beginning of a file, at `file`; what is there already stays. Raises UserError where the disk refuses.

    Nothing is kept in memory: what was appended outlives the program.
    """

    def __init__(self, file: Path) -> None:
        self._path = file
        with writing(self._path):
            file.parent.mkdir(parents=True, exist_ok=True)
            self._file = file.open("ab", buffering=0)
        self.size = self._file.tell()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def append(self, block: bytes) -> None:
        rest = memoryview(block)
        with writing(self._path):
            while rest:
                written = self._file.write(rest)
                self.size += written
                rest = rest[written:]

    def begin_anew(self) -> int:
        """Throw away what is there; how many bytes that were."""
        thrown, self.size = self.size, 0
        with writing(self._path):
            self._file.truncate(0)
        return thrown
