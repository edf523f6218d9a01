"""How a person follows long work with models: a bar on a terminal, and Ctrl-C to stop it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from musicmed_desktop.amounts import amount, amount_of
from musicmed_desktop.cli.interruption import interruptible

if TYPE_CHECKING:
    from musicmed_desktop.engines.models.progress import Cancelled, Progress, Told


@contextmanager
def followed() -> Iterator[tuple[Told, Cancelled]]:
    """What to tell of the work, and whether somebody pressed Ctrl-C."""
    with interruptible() as stopped, _bar() as told:
        yield told, stopped


def progress_words(progress: Progress) -> str:
    """1.2 of 2.4 GB, 4.1 MB/s, 4 min left."""
    words = [amount_of(progress.done, progress.total)]
    if progress.speed:
        words.append(f"{amount(progress.speed)}/s")
    if progress.left_s:
        words.append(f"{_time(progress.left_s)} left")
    return ", ".join(words)


def _time(seconds: float) -> str:
    """As roughly as anybody knows: 40 s, 3 min, 1.5 h."""
    if seconds < 59.5:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3570 else f"{seconds / 3600:.1f} h"


@contextmanager
def _bar() -> Iterator[Told]:
    """On stderr, so that results stay apart; in a pipe nobody looks at a bar."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[words]}"))
    with Bar(*columns, console=Console(stderr=True, highlight=False), transient=True) as bar:
        task = bar.add_task("", total=None, words="")
        yield lambda progress: bar.update(
            task,
            description=progress.work.capitalize(),
            total=progress.total,
            completed=progress.done,
            words=progress_words(progress),
        )
