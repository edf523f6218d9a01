"""A library turns from plain to locked, or back, in one moment; what a crash interrupts is undone or completed.

All that it will be is prepared in a folder of its own. To rename that folder is the one step that decides: before it
nothing has happened, and after it things are only moved into place, by this program or by the next one that opens the
library. Who had opened it before is refused by `refuse_turned` from that moment on.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from musicmed_desktop.disk import hold, settle_names, writing
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.index import INDEX
from musicmed_desktop.library.keys import KEYS, LOCKING, UNLOCKING, turning
from musicmed_desktop.library.schema import copies_of
from musicmed_desktop.library.shelf import SESSIONS

PREPARED = "library.prepared"  # a folder; what it holds does not count
BUSY = "library.busy"  # a file, held by who is at it
_BESIDE_INDEX = ("-wal", "-shm", "-journal")
_PATIENCE_S = 30.0
_PAUSE_S = 0.02


@contextmanager
def busy(folder: Path, patience_s: float = 0.0) -> Iterator[None]:
    """Inside, no other program turns the library in `folder` or changes its passphrase; UserError where one does."""
    with writing(folder / BUSY):
        lock = (folder / BUSY).open("ab")
    with lock:
        deadline = time.monotonic() + patience_s
        while not hold(lock):
            if time.monotonic() >= deadline:
                title = "Your sessions are being locked or unlocked in another window."
                raise UserError(title, "Wait until that is done, and try again.", str(folder))
            time.sleep(_PAUSE_S)
        yield


def recover(folder: Path) -> None:
    """Complete or undo what a killed program began; where another one is about to end it, wait. Raises UserError."""
    if turning(folder) is not None:
        with busy(folder, _PATIENCE_S):
            complete(folder)
    elif (folder / PREPARED).exists():
        with suppress(UserError), busy(folder):  # where another program prepares, it does so
            clear(folder)


@contextmanager
def preparing(folder: Path) -> Iterator[Path]:
    """An empty folder to prepare in, while nobody else does; what was not decided at the end is removed.

    Raises UserError.
    """
    with busy(folder):
        complete(folder)  # what a killed program had decided
        clear(folder)
        with writing(folder / PREPARED):
            (folder / PREPARED).mkdir()
        try:
            yield folder / PREPARED
        finally:
            clear(folder)


def exchange_keys(folder: Path) -> None:
    """The key file that was prepared counts instead of the one before, in one move. Raises UserError."""
    with writing(folder / KEYS):
        (folder / PREPARED / KEYS).replace(folder / KEYS)
        settle_names(folder)


def decide(folder: Path, *, locks: bool) -> None:
    """For who is `preparing`: from now on what was prepared counts, and `complete` is what remains.

    Raises UserError, and then it does not.
    """
    decided = folder / (LOCKING if locks else UNLOCKING)
    with writing(folder):
        settle_names(folder / PREPARED)
        (folder / PREPARED).rename(decided)
        try:
            _move_sessions_out(folder, decided)
        except OSError as error:
            decided.rename(folder / PREPARED)
            if isinstance(error, PermissionError):  # Windows moves no folder of which a file is open
                hint = "Stop what is playing, close other programs that use your sessions, and try again."
                raise UserError("One of your sessions is in use.", hint, str(error)) from error
            raise
        settle_names(folder)


def complete(folder: Path) -> None:
    """Move into place what was decided, however much of that is done. Raises UserError where the disk refuses."""
    decided = turning(folder)
    if decided is None:
        return
    with writing(folder):
        if (decided / SESSIONS).exists():
            _move_sessions_out(folder, decided)
            (decided / SESSIONS).rename(folder / SESSIONS)
        _exchange_keys(folder, decided)
        _exchange_index(folder, decided)
        settle_names(folder)
        settle_names(decided)
        decided.rename(folder / PREPARED)  # what was there before does not count any more
        settle_names(folder)
    clear(folder)


def clear(folder: Path) -> None:
    """Remove what does not count; UserError where that cannot be."""
    try:
        if (folder / PREPARED).exists():
            shutil.rmtree(folder / PREPARED)
    except OSError as error:
        hint = "Close other programs that use your sessions, and open them again: what is left is then removed."
        raise UserError(f"Something is left in {folder / PREPARED}.", hint, str(error)) from error


def _move_sessions_out(folder: Path, decided: Path) -> None:
    """In one move; a second time, where another program has made a new folder meanwhile."""
    if (folder / SESSIONS).exists():
        places = (decided / f"before-{number}" for number in count())
        (folder / SESSIONS).rename(next(place for place in places if not place.exists()))


def _exchange_keys(folder: Path, decided: Path) -> None:
    if decided.name == UNLOCKING:
        (folder / KEYS).unlink(missing_ok=True)
    elif (decided / KEYS).exists():
        (decided / KEYS).replace(folder / KEYS)


def _exchange_index(folder: Path, decided: Path) -> None:
    """Nobody has the old one open, but for those who are just being refused."""
    if (decided / INDEX).exists():
        for end in _BESIDE_INDEX:
            _patiently((folder / f"{INDEX}{end}").unlink)
        _patiently(lambda: (decided / INDEX).replace(folder / INDEX))
    for copy in (*copies_of(folder / INDEX), *folder.glob(f".{INDEX}.*.part*")):
        copy.unlink(missing_ok=True)


def _patiently(act: Callable[[], object]) -> None:
    """Windows refuses as long as anybody has the file open."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            act()
        except FileNotFoundError:
            return
        except PermissionError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(_PAUSE_S)
        else:
            return
