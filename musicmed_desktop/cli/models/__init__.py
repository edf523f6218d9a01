"""`musicmed models`: get music models once, look after them, carry them to another computer."""

from __future__ import annotations

import click

from musicmed_desktop.cli.models.carry import export, import_
from musicmed_desktop.cli.models.download import download
from musicmed_desktop.cli.models.keep import remove, verify
from musicmed_desktop.cli.models.look import list_, show


@click.group(short_help="Get music models, once; then they are there without a network.")
def models() -> None:
    """Get music models, once; then they are there without a network.

    The built-in composer needs none of them.

    \b
    Examples:
      musicmed models list
      musicmed models download musicgen-small
      musicmed models import /media/stick/musicgen-small.zip
    """


for _command in (list_, show, download, import_, export, verify, remove):
    models.add_command(_command)
