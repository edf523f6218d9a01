"""What others wrote, made fit to be shown."""

from __future__ import annotations

_MOST = 500  # letters


def plain(text: str) -> str:
    """Short, on one line, and in letters that can be printed: nothing in it can steer a terminal."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in " ".join(text[: _MOST + 1].split()))
    return shown if len(text) <= _MOST else shown[:_MOST] + "..."
