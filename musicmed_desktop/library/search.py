"""Finding sessions by what the listener remembers of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from musicmed_desktop.library.entry import Entry


def filtered(entries: Iterable[Entry], text: str = "", *, favourites_only: bool = False) -> tuple[Entry, ...]:
    """The entries that hold every word of `text`, in the same order.

    Words are looked for in title, moods, note and date ("2026-05", "3 May", "Sunday"); accents, case and the
    ends of words do not matter.
    """
    words = _folded(text).split()
    return tuple(entry for entry in entries if (entry.favourite or not favourites_only) and _holds(entry, words))


def _holds(entry: Entry, words: list[str]) -> bool:
    searched = _searched(entry) if words else ""
    return all(word in searched for word in words)


def _searched(entry: Entry) -> str:
    date = f"{entry.started:%Y-%m-%d %H:%M} {entry.started.day} {entry.started:%B %Y %A}"
    return _folded(" ".join((entry.title, entry.start_word, entry.target_word, entry.note, date)))


def _folded(text: str) -> str:
    if text.isascii():  # many times faster: thousands of sessions are searched between two key strokes
        return text.casefold()
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
