"""`musicmed library`: look after the sessions that were played, carry them, keep them safe."""

from __future__ import annotations

import click

from musicmed_desktop.cli.library.backup import backup, restore
from musicmed_desktop.cli.library.delete import delete
from musicmed_desktop.cli.library.export import export
from musicmed_desktop.cli.library.importing import import_
from musicmed_desktop.cli.library.keep import repair, verify
from musicmed_desktop.cli.library.lock import lock, passphrase, unlock
from musicmed_desktop.cli.library.look import list_, search, show
from musicmed_desktop.cli.library.stats import stats


@click.group(short_help="Find, exchange, check and back up the sessions that were played.")
def library() -> None:
    """Find, exchange, check and back up the sessions that were played.

    They are where the window keeps them; --library DIR names another folder.

    \b
    Examples:
      musicmed library list
      musicmed library search calmer may
      musicmed library export last --to evening.mp3
      musicmed library backup /media/stick/sessions
    """


for _command in (
    list_,
    show,
    search,
    export,
    import_,
    verify,
    repair,
    backup,
    restore,
    delete,
    stats,
    lock,
    unlock,
    passphrase,
):
    library.add_command(_command)
