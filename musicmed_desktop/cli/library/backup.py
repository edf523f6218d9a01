"""`musicmed library backup` and `restore`: a second library on another disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from musicmed_desktop.cli.library.finding import sessions, titled
from musicmed_desktop.cli.library.place import Place, asked, placed
from musicmed_desktop.cli.models.following import followed
from musicmed_desktop.cli.outcome import STOPPED, complain
from musicmed_desktop.cli.table import print_json
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from musicmed_desktop.library import Library

_FOLDER = click.Path(path_type=Path)
DAMAGED = 1


@click.command(short_help="Copy all sessions to another disk; again and again only what is new.")
@click.argument("folder", type=_FOLDER, metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@placed
def backup(place: Place, folder: Path, as_json: bool) -> int:
    """Copy all sessions to DIR, which becomes a library of its own; the next time, only what is new.

    Each copied file is compared. Ctrl-C stops; what was copied until then counts. A locked library's backup is locked
    with the same passphrase. What you remove for good here stays in the backup: to remove it there too, use
    "musicmed library delete" with --library DIR. The exit code is 1 where a session is damaged here.

    \b
    Examples:
      musicmed library backup /media/stick/sessions
      musicmed library list --library /media/stick/sessions
    """
    from musicmed_desktop.engines.models.progress import CancelledError
    from musicmed_desktop.library.backup import back_up

    library = place.open()
    try:
        with followed() as (told, stopped):
            done = back_up(library, folder, told, stopped)
    except CancelledError:
        complain("Stopped. What was copied until now is in the backup; the same command goes on from there.")
        return STOPPED
    _complain_of(library, done.damaged, "was not copied, since it is damaged here")
    if as_json:
        print_json(asdict(done))
    else:
        total = len(done.new) + len(done.renewed)
        what = f"{sessions(len(done.new))} copied, {len(done.renewed)} brought up to date" if total else "nothing new"
        click.echo(f"Done: {what}. The backup is in {folder}.")
    return DAMAGED if done.damaged else 0


@click.command(short_help="Bring back from a backup what is lost or damaged.")
@click.argument("folder", type=_FOLDER, metavar="DIR")
@click.option("--backup-passphrase-file", "file", metavar="FILE", help="The same for the backup.  [default: ask]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@placed
def restore(place: Place, folder: Path, file: str | None, as_json: bool) -> int:
    """Bring back from the backup in DIR the sessions that are missing, and files that are damaged.

    What is here and whole stays as it is. The exit code is 1 where something is damaged in the backup.

    \b
    Example:
      musicmed library restore /media/stick/sessions
    """
    from musicmed_desktop.engines.models.progress import CancelledError
    from musicmed_desktop.library.restoring import restore

    library = place.open()
    source = _opened(folder, place.passphrase, file)
    try:
        with followed() as (told, stopped):
            done = restore(library, source, told, stopped)
    except CancelledError:
        complain("Stopped. What came back until now is here; the same command goes on from there.")
        return STOPPED
    _complain_of(source, done.damaged, "is damaged in the backup")
    if as_json:
        print_json(asdict(done))
    else:
        some = done.back or done.mended
        what = f"{sessions(len(done.back))} came back, {len(done.mended)} mended" if some else "nothing was missing"
        click.echo(f"Done: {what}.")
    return DAMAGED if done.damaged else 0


def _opened(folder: Path, passphrase: str | None, file: str | None) -> Library:
    """With the passphrase of the library where that fits, else the backup's own is asked for."""
    from musicmed_desktop.library import Library
    from musicmed_desktop.library.index import INDEX
    from musicmed_desktop.library.keys import is_locked
    from musicmed_desktop.library.sealing import WrongPassphraseError

    locked = is_locked(folder)
    if not (folder / INDEX).is_file():
        raise UserError(f"There is no backup in {folder}.", "Choose the folder that was named when it was made.")
    if not locked:
        return Library(folder)
    if passphrase is not None and file is None:
        try:
            return Library(folder, passphrase)
        except WrongPassphraseError:
            complain("The backup has another passphrase.")
    return Library(folder, asked("Passphrase of the backup", file))


def _complain_of(library: Library, ids: Sequence[str], what: str) -> None:
    for id in ids:
        complain(f"{titled(library.collection.index.entry(id))} {what}.")
