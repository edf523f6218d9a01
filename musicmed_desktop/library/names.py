"""Names of folders and files that people find, and that every system takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from musicmed_desktop.library.entry import Entry

_FORBIDDEN = frozenset('<>:"/\\|?*')  # on Windows
_BYTES = 80  # of words in a name; with what is put around them it fits the 255 that file systems allow
_MOMENT = "%Y-%m-%d %H-%M-%S"


def session_name(started: datetime, words: str = "") -> str:
    """ "2026-05-03 14-05-09 anxious to calm": sorts by time, as the clock showed it."""
    return f"{started:{_MOMENT}} {plain(words)}".strip()


def moment_in(session_name: str) -> datetime | None:
    """When a session of this name began, on the clock of this computer; None where the name does not say."""
    try:
        return datetime.strptime(session_name[:19], _MOMENT).astimezone()
    except ValueError:
        return None


def file_name(entry: Entry) -> str:
    """What to call a copy of the session, without a suffix."""
    return f"{entry.started:%Y-%m-%d} {plain(entry.title)}".strip()


def plain(words: str) -> str:
    """`words` on one line without what a system forbids in names; may be empty."""
    kept = "".join(letter if letter.isprintable() and letter not in _FORBIDDEN else " " for letter in words)
    short = " ".join(kept.split()).encode()[:_BYTES].decode(errors="ignore")
    return short.strip(" .")


def free_name(name: str, taken: Callable[[str], bool]) -> str:
    """`name`, or the first of "name (2)", "name (3)", ... that is not taken."""
    names = (name if number == 1 else f"{name} ({number})" for number in count(1))
    return next(each for each in names if not taken(each))
