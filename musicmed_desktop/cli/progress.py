"""How a person sees a session come about: a bar on a terminal, a line for every step."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

from musicmed_desktop.cli.table import clock, signed

if TYPE_CHECKING:
    from musicmed_desktop.plan import Plan
    from musicmed_desktop.session.events import Event, SessionFailed, SessionFinished
    from musicmed_desktop.session.record import Coordinates, StepRecord

Advance = Callable[[float], None]  # to so many seconds of the session
Tell = Callable[[str], None]


def show(events: Iterable[Event], plan: Plan, on_stderr: bool) -> SessionFinished | SessionFailed:
    """Follow a session to its end, and return its last event."""
    from musicmed_desktop.session.events import ChunkReady, EngineMoved, SessionFailed, SessionFinished, StepStored

    with _display(plan.seconds, on_stderr) as (advance, tell):
        for event in events:
            if isinstance(event, ChunkReady):
                advance(event.start_s + len(event.frames) / event.sample_rate)
            elif isinstance(event, StepStored):
                tell(step_line(event.record, len(plan.steps)))
            elif isinstance(event, EngineMoved):
                tell(event.about)
            elif isinstance(event, SessionFinished | SessionFailed):
                return event
    raise RuntimeError("the session ended without its last event")


@contextmanager
def waiting(words: str, on_stderr: bool) -> Iterator[None]:
    """Say on a terminal what is being waited for; in a pipe nobody waits for words."""
    if not _is_terminal(on_stderr):
        yield
        return
    from rich.console import Console

    with Console(stderr=on_stderr).status(f"{words}…"):
        yield


def step_line(step: StepRecord, count: int) -> str:
    """One finished step: number, time, mood, target -> measured, tries."""
    tries = "1 try" if step.tries == 1 else f"{step.tries} tries"
    walk = f"{_place(step.target)} -> {_place(step.measured)}"
    return f"{step.index + 1:>3}/{count}  {clock(step.start_s):>5}  {step.mood:<14} {walk}  {tries}"


def _place(point: Coordinates) -> str:
    return f"{signed(point.valence)},{signed(point.arousal)}"


@contextmanager
def _display(seconds: float, on_stderr: bool) -> Iterator[tuple[Advance, Tell]]:
    """How to advance the bar, and how to print a line."""
    if not _is_terminal(on_stderr):
        yield lambda _: None, lambda line: say(line, on_stderr)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=on_stderr, highlight=False, markup=False)
    columns = (TextColumn("Composing"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=seconds)
        yield lambda at: progress.update(task, completed=at), console.print


def _is_terminal(on_stderr: bool) -> bool:
    return (sys.stderr if on_stderr else sys.stdout).isatty()


def say(line: str, on_stderr: bool) -> None:
    """Print a line. Whoever read the lines may have left; what they tell of is wanted all the same."""
    with suppress(BrokenPipeError):
        click.echo(line, err=on_stderr)
