"""What came of files that were brought in, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from musicmed_desktop.affect.spelling import listed
from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.pages.sessions.bringing import Arrivals

_NAMED = 3  # files; of more, their number is told


def came_words(arrivals: Arrivals) -> str:
    """ "3 sessions were brought in. 1 was here already. 2 files could not be brought in." """
    new, known, completed = len(arrivals.new), arrivals.known, arrivals.completed
    here = _count(known + completed, "session was here already", "sessions were here already")
    some = f"; {completed:,} of them" if known else " and"
    missing = f"{some} got what was missing" if completed else ""
    parts = (
        (new, _count(new, "session was brought in", "sessions were brought in")),
        (known + completed, here + missing),
        (
            len(arrivals.refused),
            _count(len(arrivals.refused), "file could not be brought in", "files could not be brought in"),
        ),
        (len(arrivals.locked), _count(len(arrivals.locked), "file stayed locked", "files stayed locked")),
        (arrivals.left, _count(arrivals.left, "file was left out", "files were left out")),
    )
    return " ".join(f"{words}." for number, words in parts if number)


def locked_words(names: Sequence[str], tried: bool) -> str:
    """What to say before a passphrase is asked for; `tried`: one did not fit."""
    files = listed(list(names)) if len(names) <= _NAMED else f"{len(names):,} files"
    if tried:
        return f"This passphrase does not open {files}. Type it again, and mind capitals, or try another one."
    return f"{files} {'is' if len(names) == 1 else 'are'} locked with a passphrase."


def refused_words(arrivals: Arrivals) -> str:
    """A line for each file that was not taken, and why."""
    return "\n".join(_line(path.name, error) for path, error in arrivals.refused)


def _line(name: str, error: UserError) -> str:
    """The name comes first, whatever the error begins with."""
    return str(error) if str(error).startswith(name) else f"{name}: {error}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
