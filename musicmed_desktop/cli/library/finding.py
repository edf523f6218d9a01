"""Which session is meant, and a session in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from musicmed_desktop.library import Entry, Library

SHOWN = 8  # letters of an id in a table; of 10,000 sessions two share them once in a hundred libraries
LAST = "last"


def found(library: Library, names: Iterable[str]) -> list[Entry]:
    """The kept sessions of these names: "last", or the beginning of an id. Each once; UserError where one is none."""
    return named(names, library.entries())


def named(names: Iterable[str], entries: Sequence[Entry]) -> list[Entry]:
    return list(dict.fromkeys(_named(name, entries) for name in names))


def _named(name: str, entries: Sequence[Entry]) -> Entry:
    hint = 'To see which there are: "musicmed library list".'
    if not entries:
        raise UserError("There is no such session: none is there.", hint)
    if name.casefold() == LAST:
        return entries[0]
    wanted = [entry for entry in entries if name and entry.id.startswith(name.casefold())]
    if not wanted:
        raise UserError(f'No session has an id that begins with "{line(name)}".', hint)
    if len(wanted) > 1:
        raise UserError(f'{len(wanted)} sessions have an id that begins with "{line(name)}".', "Type more of it.")
    return wanted[0]


def document(entry: Entry) -> dict[str, Any]:
    """Every field of the entry, and the change from before to after."""
    values: dict[str, Any] = asdict(entry)
    for name in ("started", "deleted"):
        values[name] = values[name] and values[name].isoformat()
    change = entry.change
    return values | {"change": change and {"valence": change.valence, "arousal": change.arousal}}


def line(text: str) -> str:
    """On one line, without anything that speaks to a terminal."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def titled(entry: Entry) -> str:
    """The session in a sentence."""
    return f'"{line(entry.title)}" of {when(entry.started)}'


def when(moment: datetime) -> str:
    """On the clock of the session."""
    return f"{moment:%Y-%m-%d %H:%M}"


def sessions(count: int) -> str:
    return "1 session" if count == 1 else f"{count} sessions"
