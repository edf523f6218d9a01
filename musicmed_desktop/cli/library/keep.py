"""`musicmed library verify` and `repair`: whether everything is there, and what can be done where it is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from musicmed_desktop.cli.library.finding import sessions, titled
from musicmed_desktop.cli.library.place import Place, placed
from musicmed_desktop.cli.models.following import followed
from musicmed_desktop.cli.outcome import STOPPED, complain
from musicmed_desktop.cli.table import paragraph, print_json

if TYPE_CHECKING:
    from musicmed_desktop.library import Library
    from musicmed_desktop.library.verifying import Problem

DAMAGED = 1


@click.command(short_help="Read everything, and tell what is damaged or missing.")
@click.option("--sound", is_flag=True, help="Decode all music too, and compare it with what was recorded.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@placed
def verify(place: Place, sound: bool, as_json: bool) -> int:
    """Read everything that is kept, and tell what is damaged, missing or unknown. Nothing is changed.

    A changed byte of a file is found. --sound takes a few seconds for each hour of music, and tells more only where
    a file was damaged before it was kept. The exit code is 1 where something is wrong.

    \b
    Examples:
      musicmed library verify
      musicmed library verify --library /media/stick/sessions
    """
    from musicmed_desktop.engines.models.progress import CancelledError
    from musicmed_desktop.library.verifying import verify, verify_sound

    library = place.open()
    checks = (verify, verify_sound) if sound else (verify,)
    problems: list[Problem] = []
    try:
        for check in checks:
            with followed() as (told, stopped):
                problems += check(library, told, stopped)
    except CancelledError:
        complain("Stopped.")
        return STOPPED
    _tell(library, problems, as_json)
    return DAMAGED if problems else 0


@click.command(short_help="Mend what is damaged; nothing is destroyed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@placed
def repair(place: Place, as_json: bool) -> int:
    """Mend what is damaged, as far as that is possible. Close the window before.

    A damaged list of sessions is made anew from what can be read of it, and from the files. Nothing is destroyed:
    what is replaced is kept beside. What is lost is named; "musicmed library restore" may bring it back from a backup.
    The exit code is 1 where something is still wrong.
    """
    from musicmed_desktop.engines.models.progress import CancelledError
    from musicmed_desktop.library.repairing import repair
    from musicmed_desktop.library.verifying import verify

    try:
        with followed() as (told, stopped):
            done = repair(place.folder, place.passphrase, told, stopped)
        library = place.open()
        with followed() as (told, stopped):
            problems = verify(library, told, stopped)
    except CancelledError:
        complain("Stopped.")
        return STOPPED
    if as_json:
        print_json({"done": done, "problems": _documents(problems)})
    else:
        for sentence in done or ("Nothing had to be done.",):
            click.echo(paragraph(sentence))
        if problems:
            click.echo("\nWhat could not be mended:")
            _print(library, problems)
    return DAMAGED if problems else 0


def _tell(library: Library, problems: list[Problem], as_json: bool) -> None:
    count, left = len(library.entries()) + len(library.deleted()), [found.id for found in library.interrupted()]
    if as_json:
        print_json({"sessions": count, "interrupted": left, "problems": _documents(problems)})
        return
    _print(library, problems)
    if not problems:
        click.echo(f"All is whole: {sessions(count)}.")
    if left:
        broke = "1 session that broke" if len(left) == 1 else f"{len(left)} sessions that broke"
        click.echo(f"Besides there {'is' if len(left) == 1 else 'are'} {broke} off before the end.")


def _print(library: Library, problems: Iterable[Problem]) -> None:
    from musicmed_desktop.library.verifying import INDEX_ITSELF

    entries = {} if any(problem.where == INDEX_ITSELF for problem in problems) else _titles(library)
    for problem in problems:
        about = f"{entries[problem.where]}: " if problem.where in entries else ""
        click.echo(paragraph(f"{about}{problem.sentence}"))


def _titles(library: Library) -> dict[str, str]:
    entries = (*library.entries(), *library.deleted(), *(found.entry for found in library.interrupted()))
    return {entry.id: titled(entry) for entry in entries}


def _documents(problems: Iterable[Problem]) -> list[dict[str, str]]:
    return [asdict(problem) for problem in problems]
