"""Times as people say them."""

from __future__ import annotations


def clock(seconds: float) -> str:
    """2:05 for 125 seconds."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def minutes_words(seconds: float) -> str:
    """ "15 minutes", "1 minute", "40 seconds"."""
    if seconds < 55:
        return "1 second" if round(seconds) == 1 else f"{round(seconds)} seconds"
    minutes = round(seconds / 60)
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
