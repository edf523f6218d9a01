"""The note of a session that is running; found at the next start, it tells that the session was interrupted."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from musicmed_desktop.disk import hold, unwritable, write_whole
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan import Prescription
from musicmed_desktop.session.record import Coordinates

NOTE, LOCK = "interrupted.json", "interrupted.lock"
EVERY_S = 10.0  # of the session; so much of it may be heard again after an interruption

_log = logging.getLogger(__name__)


class Interrupted(BaseModel):
    """What it takes to go on with a session.

    `prescription` is the one that holds now; where the listener changed it, its path begins at `from_s` of the
    session. `heard_s` counts from the session's start. `before` is what the listener said at check-in.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    prescription: Prescription
    started: AwareDatetime
    before: Coordinates
    from_s: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    heard_s: float = Field(default=0.0, ge=0, allow_inf_nan=False)

    def changed(self, **values: Any) -> Interrupted:
        return Interrupted.model_validate(dict(self) | values)


class RunningNote:
    """Keeps the note in `folder` while a session runs; a context manager, which removes it at the orderly end.

    Makes the folder. Raises UserError where nothing can be written there, or where another session is running.
    """

    def __init__(self, folder: Path, now: Interrupted) -> None:
        self._path = folder / NOTE
        self._now = now
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = (folder / LOCK).open("ab")
        except OSError as error:
            raise unwritable(folder / LOCK, error) from error
        if not hold(self._lock):
            self._lock.close()
            raise UserError("A session is running in another window.", "Finish it there first.")
        self._write()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def heard(self, seconds: float) -> None:
        """The session was heard up to here; may be called as often as one likes, from one thread."""
        if seconds >= self._now.heard_s + EVERY_S:
            self.change(heard_s=seconds)

    def change(self, **values: Any) -> None:
        """Note at once that `values` of the note are others now."""
        self._now = self._now.changed(**values)
        self._write()

    def close(self) -> None:
        """The session has ended and is kept, or was given up. Without effect the second time."""
        if self._lock.closed:
            return
        forget(self._path.parent)
        self._lock.close()
        with suppress(OSError):
            (self._path.parent / LOCK).unlink()

    def _write(self) -> None:
        """A full disk must not end the music for the note's sake. Not settled: that would take up to 0.1 s."""
        try:
            write_whole(self._path, self._now.model_dump_json().encode(), settled=False)
        except OSError as error:
            _log.warning("The note of the running session could not be written: %s", error.strerror)


def interrupted(folder: Path) -> Interrupted | None:
    """The session that ended without order, if there is one; None while it runs, and where its note is broken."""
    try:
        raw = (folder / NOTE).read_bytes()
        return None if _is_running(folder) else Interrupted.model_validate_json(raw)
    except (OSError, ValueError):
        return None


def forget(folder: Path) -> None:
    """The interrupted session was offered and need not be offered again."""
    with suppress(OSError):
        (folder / NOTE).unlink()


def _is_running(folder: Path) -> bool:
    try:
        with (folder / LOCK).open("r+b") as lock:
            return not hold(lock)
    except FileNotFoundError:
        return False
