"""How a person sees a training come along: bars with the time left on a terminal, else a line now and then."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from musicmed_desktop.cli.progress import say
from musicmed_desktop.training.events import Begun, Coded, Evaluated, Event, Sampled, Stepped

if TYPE_CHECKING:
    from rich.progress import Progress

_LINES = 20  # of steps, where there is no bar
Advance = Callable[[str, int, int], None]  # the bar of that name: so many, of so many
Tell = Callable[[str], None]


def show(events: Iterable[Event]) -> Event | None:
    """Follow a training to its end, and return its last event; None where there was none."""
    end, steps = None, 0
    with _display() as (advance, tell):
        for end in events:
            if isinstance(end, Coded):
                left_out = f", {end.excluded} cannot be used" if end.excluded else ""
                advance(f"Codes of the music{left_out}", end.done, end.total)
            elif isinstance(end, Begun):
                steps = end.steps
                tell(_beginning(end))
            elif isinstance(end, Stepped):
                advance(f"Learning, loss {end.loss:.3f}", end.step, steps)
            elif sentence := _told(end):
                tell(sentence)
    return end


def _beginning(begun: Begun) -> str:
    windows = ", ".join(f"{count} of {name}" for name, count in begun.windows.items())
    share = f"{begun.trained:,} weights on top of {begun.weights:,}"
    from_where = f"goes on after step {begun.step}" if begun.step else "begins"
    return f"Learning {from_where}, on {begun.place}: {share}; examples: {windows}."


def _told(event: Event) -> str:
    if isinstance(event, Evaluated):
        each = ", ".join(f"{name} {loss:.3f}" for name, loss in event.by_quadrant.items())
        return f"Step {event.step}: validation loss {event.loss:.3f}{' (best)' if event.best else ''}; {each}"
    if isinstance(event, Sampled):
        return f"A session to listen to: {event.folder}" if event.folder else f"No sample: {event.why}"
    return ""


@contextmanager
def _display() -> Iterator[tuple[Advance, Tell]]:
    if not sys.stdout.isatty():
        yield _in_lines, lambda sentence: say(sentence, on_stderr=False)
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn()) as progress:
        yield _in_bars(progress), lambda sentence: progress.console.print(sentence, highlight=False, markup=False)


def _in_lines(name: str, done: int, total: int) -> None:
    if done == total or done % max(1, total // _LINES) == 0:
        say(f"{name}: {done} of {total}", on_stderr=False)


def _in_bars(progress: Progress) -> Advance:
    tasks: dict[str, int] = {}

    def advance(name: str, done: int, total: int) -> None:
        kind = name.partition(",")[0]
        if kind not in tasks:
            tasks[kind] = progress.add_task(name, total=total, completed=done - 1)
        progress.update(tasks[kind], completed=done, total=total, description=name)  # type: ignore[arg-type]

    return advance
