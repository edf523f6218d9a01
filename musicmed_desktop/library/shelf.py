"""A folder of sessions: which are there, and which of them can be read."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from musicmed_desktop.disk import unreadable
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.entry import Entry, read_entry


def entries_in(place: Path) -> tuple[Entry, ...]:
    """The sessions in `place`, the newest first, without those that cannot be read. Raises UserError."""
    found = []
    for folder in _folders(place):
        with suppress(OSError, ValueError):
            found.append(read_entry(folder))
    return tuple(sorted((entry for entry in found if entry), key=lambda entry: (entry.started, entry.id), reverse=True))


def broken_in(place: Path) -> tuple[Path, ...]:
    """The sessions that cannot be read. Raises UserError."""
    return tuple(folder for folder in _folders(place) if _is_broken(folder))


def session_in(place: Path, id: str) -> Path:
    """The folder of the session `id`, never one outside of `place`. Raises UserError where there is none."""
    if not id or id.startswith(".") or Path(id).name != id or not (place / id).is_dir():
        raise UserError("This session is no longer there.", "Choose another one from the list.", f"{place}: {id}")
    return place / id


def _folders(place: Path) -> list[Path]:
    try:
        with os.scandir(place) as found:
            return [Path(each.path) for each in found if each.is_dir() and not each.name.startswith(".")]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise unreadable(place, error) from error


def _is_broken(folder: Path) -> bool:
    try:
        read_entry(folder)
    except (OSError, ValueError):
        return True
    return False
