"""Names as people type them: spelling folded for look-up, near misses answered with the nearest names."""

from __future__ import annotations

from collections.abc import Iterable


def folded(name: str) -> str:
    """`name` without case, spaces, hyphens and other signs: "Acoustic Guitar" and "acoustic-guitar" agree."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question that offers the nearest spellings of `name` among `known`; empty where none is near."""
    from difflib import get_close_matches

    spelled = {folded(word): word for word in known}
    near = get_close_matches(folded(name)[:50], spelled, n=3, cutoff=0.6)
    return f"Did you mean {listed([spelled[key] for key in near], 'or')}?" if near else ""


def listed(words: Iterable[str], conjunction: str = "and") -> str:
    """The words as a sentence has them: "a", "a and b", "a, b and c"."""
    *head, last = words
    return f"{', '.join(head)} {conjunction} {last}" if head else last


def quoted(text: str) -> str:
    """What somebody wrote, in quotes, on one line and short enough for a message."""
    line = " ".join(text.split())
    return f'"{line if len(line) <= 40 else line[:39] + "…"}"'
