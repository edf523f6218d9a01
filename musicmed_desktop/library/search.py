"""Finding sessions by what the listener remembers of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from musicmed_desktop.affect import Affect
from musicmed_desktop.library.entry import Entry, feeling_word
from musicmed_desktop.library.rows import MANY
from musicmed_desktop.library.wording import DAYS, MONTHS, NOT_SAID, change_words


def filtered(entries: Iterable[Entry], text: str = "", *, favourites_only: bool = False) -> tuple[Entry, ...]:
    """The entries that hold every word of `text`, in the same order.

    Words are looked for in title, moods before, wished and after, note, date ("2026-05", "3 May", "Sunday"), and in
    how the listener left ("calmer", "heavier", "about the same", "felt worse"); accents, case and the ends of words
    do not matter.
    """
    words = words_of(text)
    return tuple(entry for entry in entries if (entry.favourite or not favourites_only) and _holds(entry, words))


def words_of(text: str) -> list[str]:
    """The words that are looked for, each to be found in what `searched` gives."""
    return _folded(text).split()


def _holds(entry: Entry, words: list[str]) -> bool:
    text = searched(entry) if words else ""
    return all(word in text for word in words)


@lru_cache(maxsize=MANY)  # between two key strokes there is no time to put it together anew
def searched(entry: Entry) -> str:
    """What is looked through, for who keeps it to search many times."""
    started, change = entry.started, entry.change
    day = f"{started.day} {MONTHS[started.month - 1]} {started.year} {DAYS[started.weekday()]}"
    left = "" if entry.after is None or change is None else f"{_feeling(entry.after)} {change_words(change)}"
    worse = "felt worse" if entry.worse_at_s else ""
    words = (entry.title, entry.start_word, entry.target_word, entry.note, left or NOT_SAID, worse, day)
    return _folded(f"{started.isoformat(' ', 'minutes')[:16]} {' '.join(words)}")


@lru_cache(maxsize=MANY)
def _feeling(felt: Affect) -> str:
    return feeling_word(felt)


def _folded(text: str) -> str:
    if text.isascii():  # many times faster
        return text.casefold()
    return unicodedata.normalize("NFKD", text.casefold()).translate(_WITHOUT_ACCENTS)


class _WithoutAccents(dict[int, int | None]):
    """A table for str.translate that learns each letter once."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_WITHOUT_ACCENTS = _WithoutAccents()
