"""`musicmed models download`: the one command that uses the network."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from musicmed_desktop.amounts import amount
from musicmed_desktop.cli.models.following import followed
from musicmed_desktop.cli.models.licence import accept_option, agree
from musicmed_desktop.cli.models.place import open_store, settings
from musicmed_desktop.cli.outcome import STOPPED, complain
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from musicmed_desktop.engines.models.catalogue import Entry
    from musicmed_desktop.engines.models.hub import Hub
    from musicmed_desktop.engines.models.store import Store


@click.command(short_help="Download a model, or go on with a paused download.")
@click.argument("name")
@accept_option
@click.option("--token", is_flag=True, help="Ask for a token of huggingface.co; it is used once and not kept.")
@click.option("--offline", is_flag=True, help="Never use the network: refuses, as musicmed --offline does.")
@click.pass_obj
def download(forbidden: bool, name: str, accept_licence: bool, token: bool, offline: bool) -> int:
    """Download the model NAME of the catalogue, once; "musicmed models list" shows what there is.

    Ctrl-C pauses: what was fetched is kept, and the same command goes on from there. Before the model counts, it is
    checked. The network is used by this command alone; --offline and the setting "offline" forbid even that.
    """
    from musicmed_desktop.engines.models.catalogue import find_entry
    from musicmed_desktop.engines.models.hub import Hub

    entry, store = find_entry(name), open_store()
    if store.named(entry.name):
        click.echo(f'{entry.name} is here already. To check it: "musicmed models verify {entry.name}".')
        return 0
    if offline or forbidden:
        raise UserError("--offline forbids every download.", "Leave it out, or import the model from a USB stick.")
    offline = settings().offline
    hub = Hub(offline=offline, token=_token() if token and not offline else None)
    agree(store, entry.licence, accept_licence)
    return _fetch(entry, store, hub)


def _token() -> str:
    """Never from the command line, which other users of this computer see and shells write down."""
    at_hand = sys.stdin.isatty()
    typed: str = click.prompt("Token (not shown)", hide_input=True, err=True) if at_hand else sys.stdin.readline()
    if not typed.strip():
        raise UserError("No token was given.", "Type it where you are asked for it, or have a program write it there.")
    return typed.strip()


def _fetch(entry: Entry, store: Store, hub: Hub) -> int:
    from musicmed_desktop.engines.models.download import download
    from musicmed_desktop.engines.models.hub import TokenNeededError
    from musicmed_desktop.engines.models.progress import CancelledError

    kept = store.staged(entry.name)
    size = amount(entry.download)
    click.echo(
        f"Going on with {entry.name}: {amount(kept)} of {size} are here."
        if kept
        else f"Downloading {entry.name}, {size}. Ctrl-C pauses."
    )
    try:
        with followed() as (told, stopped):
            installed = download(entry, store, hub, told, stopped)
    except CancelledError:
        kept = store.staged(entry.name)
        complain(f'Paused. {amount(kept)} of {size} are kept; "musicmed models download {entry.name}" goes on.')
        return STOPPED
    except TokenNeededError as error:
        raise UserError(error.title, f"{error.hint} With --token this command asks for it.", error.detail) from error
    click.echo(f"Done: {installed.name} is in {installed.folder}. From now on it needs no network.")
    return 0
