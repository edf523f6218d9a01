"""`musicmed library lock`, `unlock` and `passphrase`: what only the listener shall read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from musicmed_desktop.cli.library.place import Place, asked, placed
from musicmed_desktop.cli.models.following import followed
from musicmed_desktop.cli.outcome import STOPPED, complain
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from musicmed_desktop.engines.models.progress import Cancelled, Told


@click.command(short_help="Encrypt all sessions with a passphrase.")
@placed
def lock(place: Place) -> int:
    """Encrypt all sessions, with their titles and notes, so that only a passphrase opens them.

    If you forget the passphrase, nobody can bring your sessions back. Write it down and keep it in a safe place. Takes
    as long as to copy all of them, and needs the room for it. Ctrl-C stops, and then nothing is changed.
    """
    from musicmed_desktop.library.locking import FORGOTTEN, REMAINS, is_locked, lock

    if is_locked(place.folder):
        raise UserError("Your sessions are locked already.", 'To change it: "musicmed library passphrase".')
    complain(f"{FORGOTTEN}\n{REMAINS}")
    passphrase = asked("New passphrase", place.passphrase_file, twice=True)
    return _turned(lambda told, stopped: lock(place.folder, passphrase, told, stopped), "Your sessions are locked now.")


@click.command(short_help="Make locked sessions readable again.")
@placed
def unlock(place: Place) -> int:
    """Decrypt all sessions: from then on everybody can read them who can read the disk.

    To look at locked sessions, this is not needed: every command asks for the passphrase.
    """
    from musicmed_desktop.library.locking import unlock

    passphrase = place.passphrase or ""  # without a lock, what follows says so
    return _turned(
        lambda told, stopped: unlock(place.folder, passphrase, told, stopped), "Your sessions are not locked any more."
    )


@click.command(short_help="Change the passphrase of locked sessions.")
@placed
@click.option(
    "--new-passphrase-file",
    metavar="FILE",
    help="Where the new one is, on the first line; - is standard input, its next line.  [default: ask]",
)
def passphrase(place: Place, new_passphrase_file: str | None) -> None:
    """Choose another passphrase for locked sessions; the one before opens them no longer.

    Backups that were made before keep the passphrase that they had.
    """
    from musicmed_desktop.library.locking import FORGOTTEN, change_passphrase

    old = place.passphrase or ""
    complain(FORGOTTEN)
    new = asked("New passphrase", new_passphrase_file, twice=True)
    change_passphrase(place.folder, old, new)
    click.echo("The new passphrase opens your sessions from now on.")


def _turned(turn: Callable[[Told, Cancelled], None], done: str) -> int:
    from musicmed_desktop.engines.models.progress import CancelledError

    try:
        with followed() as (told, stopped):
            turn(told, stopped)
    except CancelledError:
        complain("Stopped. Nothing was changed.")
        return STOPPED
    click.echo(done)
    return 0
