"""How a person sees an evaluation come along: a bar with the time left on a terminal, else a line now and then."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from musicmed_desktop.cli.progress import say
from musicmed_desktop.evaluation.events import (
    ClipHeard,
    ConditionBegun,
    Event,
    ReferenceHeard,
    Scored,
    Stopped,
    WalkHeard,
)
from musicmed_desktop.evaluation.request import Request

if TYPE_CHECKING:
    from rich.progress import Progress

_LINES = 20  # at most, of the same kind, where there is no bar
_PERIOD_S = 3600.0  # over which the pace is taken: a clip of a large model takes minutes


def show(events: Iterable[Event], request: Request, on_stderr: bool) -> Scored | Stopped:
    """Follow an evaluation to its end, and return its last event."""
    walk_s = request.journeys[0].minutes * 60 if request.journeys else 0.0
    each_s = len(request.items) * request.seconds + len(request.journeys) * walk_s
    with _display(len(request.conditions) * each_s, on_stderr) as shown:
        for event in events:
            if isinstance(event, Scored | Stopped):
                return event
            if isinstance(event, ConditionBegun):
                shown.begin(event, event.clips_kept * request.seconds + event.walks_kept * walk_s)
            elif isinstance(event, ClipHeard):
                shown.heard(f"{event.condition}, clip", event.done, event.total, request.seconds)
            elif isinstance(event, WalkHeard):
                shown.heard(f"{event.condition}, session", event.done, event.total, walk_s)
            elif isinstance(event, ReferenceHeard):
                shown.heard("Reference music, file", event.done, event.total, 0.0)
    raise RuntimeError("the evaluation ended without its last event")


class _Display(Protocol):
    def begin(self, event: ConditionBegun, spared_s: float) -> None:
        """A condition begins, of which so many seconds of music are there already."""
        ...

    def heard(self, what: str, done: int, total: int, music_s: float) -> None:
        """So many seconds of music more are made and heard."""
        ...


@contextmanager
def _display(seconds: float, on_stderr: bool) -> Iterator[_Display]:
    if not (sys.stderr if on_stderr else sys.stdout).isatty():
        yield _Lines(on_stderr)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    console = Console(stderr=on_stderr, highlight=False, markup=False)
    with Progress(*columns, TimeRemainingColumn(), console=console, speed_estimate_period=_PERIOD_S) as progress:
        yield _Bar(progress, seconds)


class _Lines:
    def __init__(self, on_stderr: bool) -> None:
        self._on_stderr = on_stderr

    def begin(self, event: ConditionBegun, _: float) -> None:
        kept = [(event.clips_kept, "clip"), (event.walks_kept, "session")]
        there = " and ".join(f"{count} {thing}{'s' * (count > 1)}" for count, thing in kept if count)
        say(f"{event.condition}{', there already: ' * bool(there)}{there}", self._on_stderr)

    def heard(self, what: str, done: int, total: int, _: float) -> None:
        if done == total or done % -(-total // _LINES) == 0:
            say(f"{what} {done} of {total}", self._on_stderr)


class _Bar:
    def __init__(self, progress: Progress, seconds: float) -> None:
        self._progress = progress
        self._left_s = seconds
        self._task = progress.add_task("Evaluating", total=seconds)

    def begin(self, event: ConditionBegun, spared_s: float) -> None:
        self._left_s -= spared_s  # so that they do not count as fast work
        self._progress.update(self._task, description=event.condition, total=self._left_s)

    def heard(self, what: str, done: int, total: int, music_s: float) -> None:
        self._progress.update(self._task, description=f"{what} {done} of {total}", advance=music_s)
