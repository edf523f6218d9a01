"""`musicmed models import` and `export`: models on a stick, from computer to computer."""

from __future__ import annotations

from pathlib import Path

import click

from musicmed_desktop.amounts import amount
from musicmed_desktop.cli.models.following import followed
from musicmed_desktop.cli.models.licence import accept_option, agree
from musicmed_desktop.cli.models.place import open_store
from musicmed_desktop.cli.outcome import STOPPED, complain

_PATH = click.Path(path_type=Path)


@click.command("import", short_help="Take a model from a folder or a zip, as on a USB stick.")
@click.argument("path", type=_PATH)
@click.option("--name", metavar="NAME", help="What to call it here.  [default: its own name]")
@accept_option
def import_(path: Path, name: str | None, accept_licence: bool) -> int:
    """Take a model or an adapter from PATH: a folder, a zip, or a cache of huggingface.co.

    It is copied and checked before it counts; PATH stays as it is.
    """
    from musicmed_desktop.engines.models.checks import require_musicgen
    from musicmed_desktop.engines.models.importing import import_model, look_at
    from musicmed_desktop.engines.models.progress import CancelledError

    require_musicgen()  # before anybody is asked about a licence
    store, arrival = open_store(), look_at(path)
    agree(store, arrival.licence, accept_licence)
    click.echo(f"Importing {name or arrival.name}, {amount(arrival.size)}.")
    try:
        with followed() as (told, stopped):
            installed = import_model(path, store, name, told, stopped)
    except CancelledError:
        complain("Stopped. Nothing was imported.")
        return STOPPED
    click.echo(f"Done: {installed.name} is in {installed.folder}; {path} is not needed any more.")
    return 0


@click.command(short_help="Copy a model to a stick, for another computer.")
@click.argument("name")
@click.argument("path", type=_PATH)
def export(name: str, path: Path) -> int:
    """Copy the installed model NAME to PATH, for "musicmed models import" on another computer.

    A PATH that ends in .zip becomes one zip file; any other is a folder, which gets a folder NAME.
    """
    from musicmed_desktop.engines.models.exporting import export_model
    from musicmed_desktop.engines.models.progress import CancelledError

    installed = open_store().find(name)
    click.echo(f"Copying {name}, {amount(installed.size)}.")
    try:
        with followed() as (told, stopped):
            copy = export_model(installed, path, told, stopped)
    except CancelledError:
        complain("Stopped. Nothing was exported.")
        return STOPPED
    click.echo(f'Done: {copy}. On the other computer: "musicmed models import" and its path there.')
    return 0
