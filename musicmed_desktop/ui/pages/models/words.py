"""Kinds and progress as people say them."""

from __future__ import annotations

import re

from musicmed_desktop.amounts import amount, amount_of
from musicmed_desktop.engines.models.manifest import Kind
from musicmed_desktop.engines.models.progress import Progress
from musicmed_desktop.ui.kit import minutes_words

KINDS: dict[Kind, str] = {"model": "Music model", "adapter": "Adapter", "evaluation": "Model for evaluation"}


def progress_words(progress: Progress) -> str:
    """ "1.2 of 2.4 GB, 3.1 MB/s, about 6 minutes left"."""
    parts = [amount_of(progress.done, progress.total)]
    if progress.speed:
        parts.append(f"{amount(progress.speed)}/s")
    if progress.left_s is not None and progress.done < progress.total:
        parts.append(f"about {_time_words(progress.left_s)} left")
    return ", ".join(parts)


def breakable(text: str) -> str:
    """With places where a line may end in what has no spaces, such as a path: else it would widen the page."""
    return re.sub(r"([^\s]{12}|[/\\_])(?=[^\s]{4})", "\\1\u200b", text)


def _time_words(seconds: float) -> str:
    if seconds < 5400:
        return minutes_words(max(1.0, seconds))
    hours = round(seconds / 3600)
    return f"{hours} hours" if hours < 48 else f"{round(hours / 24)} days"
