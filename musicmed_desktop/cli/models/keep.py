"""`musicmed models verify` and `remove`: looking after what is installed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from musicmed_desktop.amounts import amount
from musicmed_desktop.cli.models.following import followed
from musicmed_desktop.cli.models.place import in_use, open_store
from musicmed_desktop.cli.outcome import STOPPED, complain
from musicmed_desktop.cli.table import print_json
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from musicmed_desktop.engines.models.store import Installed, Store

DAMAGED = 1


@click.command(short_help="Read models through, and find every damaged byte.")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(name: str | None, as_json: bool) -> int:
    """Read the installed model NAME through, or all of them, and tell what is damaged.

    The exit code is 1 when something is.
    """
    from musicmed_desktop.engines.models.progress import CancelledError

    store = open_store()
    here = (store.find(name),) if name is not None else store.installed()
    if not here and not as_json:
        click.echo("No model is installed.")
    try:
        found = [(each, _verified(each, told=not as_json)) for each in here]
    except CancelledError:
        complain("Stopped.")
        return STOPPED
    if as_json:
        print_json([{"name": each.name, "whole": not wrong, "problems": wrong} for each, wrong in found])
    return DAMAGED if any(wrong for _, wrong in found) else 0


def _verified(installed: Installed, *, told: bool) -> tuple[str, ...]:
    """What is wrong with it; it is `told` as soon as it is known."""
    from musicmed_desktop.engines.models.verifying import verify
    from musicmed_desktop.engines.models.wording import plain

    with followed() as (tell, stopped):
        wrong = verify(installed, tell, stopped)
    if told:
        click.echo(f"{plain(installed.name)}: " + ("damaged." if wrong else f"whole, {amount(installed.size)}."))
        for sentence in wrong:
            click.echo(f"  {sentence}")
    return wrong


@click.command(short_help="Remove a model, or throw a paused download away.")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(name: str, yes: bool) -> None:
    """Remove the installed model NAME from this computer; of a download or import that was cut off, what is left."""
    from musicmed_desktop.engines.models.names import check_name

    store = open_store()
    is_here = store.named(name) is not None
    if not is_here:
        check_name(name)
    store.sweep()
    paused = 0 if is_here else store.staged(name)
    if not paused:
        store.find(name)  # says what there is
    if not yes:
        _ask(_what(store, name, paused))
    if paused:
        store.discard(name)
        click.echo(f"Thrown away: what was here of {name}, {amount(paused)}.")
        return
    store.remove(name)
    click.echo(f"Removed: {name}.")


def _what(store: Store, name: str, paused: int) -> str:
    if paused:
        return f"what is here of {name} ({amount(paused)})"
    installed = store.find(name)
    used = " and is in use by your settings" if installed.folder in in_use() else ""
    return f"{name}, which takes {amount(installed.size)}{used}"


def _ask(what: str) -> None:
    if not sys.stdin.isatty():
        raise UserError("Nothing was removed, since there is nobody to ask.", "Where you are sure, add --yes.")
    click.confirm(f"Remove {what}?", abort=True, err=True)
