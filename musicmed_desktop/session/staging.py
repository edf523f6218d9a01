"""A hidden folder in which files come about until they are whole."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import BinaryIO

from musicmed_desktop.disk import hold
from musicmed_desktop.errors import UserError

PARTIAL = ".musicmed-partial"  # ends the name of such a folder
_LOCK = "lock"  # held while the folder is in use; the system lets go of it when a program dies


class Staging:
    """A fresh folder at `place`; what a run that was killed left there is removed.

    Raises OSError where the disk refuses, and UserError where another run is using the folder.
    """

    def __init__(self, place: Path) -> None:
        self.folder = place
        self._lock: BinaryIO | None = None
        remove_leftover(place)
        place.mkdir()
        try:
            self._lock = (place / _LOCK).open("wb")
        except OSError:
            self.remove()
            raise
        hold(self._lock)

    def settle(self) -> None:
        """The files are whole: bring them to the disk, and leave nothing else in the folder."""
        self._let_go()
        (self.folder / _LOCK).unlink()
        for file in self.folder.iterdir():
            with file.open("rb+") as written:
                os.fsync(written.fileno())

    def remove(self) -> None:
        self._let_go()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _let_go(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def remove_leftover(place: Path) -> None:
    """Remove the folder that a killed run left at `place`, if there is one; UserError where it is in use."""
    if not place.is_dir():
        return
    if not is_left(place):
        raise UserError("Another session is being written to the same folder.", "Wait for it, or choose another one.")
    shutil.rmtree(place)


def is_left(place: Path) -> bool:
    """Whether nobody is using the hidden folder at `place` any more; raises OSError where it cannot be told."""
    try:
        with (place / _LOCK).open("r+b") as lock:
            return hold(lock)
    except FileNotFoundError:
        return True
