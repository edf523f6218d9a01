"""`musicmed library delete`: into the trash, out of it, and out of it for good."""

from __future__ import annotations

import sys

import click

from musicmed_desktop.cli.library.finding import found, named, sessions, titled
from musicmed_desktop.cli.library.place import Place, placed
from musicmed_desktop.cli.table import print_json
from musicmed_desktop.errors import UserError


@click.command(short_help="Move sessions to the trash, or bring them back.")
@click.argument("ids", nargs=-1, metavar="ID...")
@click.option("--undo", multiple=True, metavar="ID", help="Bring this session back from the trash; repeatable.")
@click.option("--empty", is_flag=True, help="Remove for good all that lies in the trash.")
@click.option("--yes", is_flag=True, help="Do not ask before the trash is emptied.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@placed
def delete(place: Place, ids: tuple[str, ...], undo: tuple[str, ...], empty: bool, yes: bool, as_json: bool) -> None:
    """Move the sessions ID... (the beginning of an id, or "last") to the trash.

    From there they can be brought back for 30 days; after that the window removes them. What is removed for good
    leaves no trace in the library; copies and backups are not touched.

    \b
    Examples:
      musicmed library delete 3f2a
      musicmed library delete --undo 3f2a
      musicmed library delete --empty
    """
    if not (ids or undo or empty):
        raise click.UsageError("Say which sessions, for example: delete last.")
    library = place.open()
    gone, back = found(library, ids), named(undo, library.deleted())
    for entry in gone:
        library.delete(entry.id)
    for entry in back:
        library.restore(entry.id)
    removed = 0
    if empty and (count := len(library.deleted())):
        if not yes:
            _ask(count)
        removed = library.purge(days=0)
    if as_json:
        print_json({"deleted": [each.id for each in gone], "back": [each.id for each in back], "removed": removed})
        return
    for entry in gone:
        click.echo(f"In the trash: {titled(entry)}. To undo it: musicmed library delete --undo {entry.id[:8]}")
    for entry in back:
        click.echo(f"Brought back: {titled(entry)}.")
    if empty:
        click.echo(f"Removed for good: {sessions(removed)}." if removed else "The trash is empty.")


def _ask(count: int) -> None:
    if not sys.stdin.isatty():
        raise UserError("The trash was not emptied, since there is nobody to ask.", "Where you are sure, add --yes.")
    click.confirm(f"Remove {sessions(count)} for good?", abort=True, err=True)
