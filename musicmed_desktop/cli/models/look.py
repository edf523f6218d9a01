"""`musicmed models list` and `show`: what is here, and what can be had."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from musicmed_desktop.amounts import amount
from musicmed_desktop.cli.models.place import in_use, open_store
from musicmed_desktop.cli.table import paragraph, print_json, print_table

if TYPE_CHECKING:
    from musicmed_desktop.engines.models.catalogue import Entry
    from musicmed_desktop.engines.models.store import Installed, Store

_HERE = ("installed", "kind", "size", "licence", "in use", "record", "from")
_TO_DOWNLOAD = ("to download", "kind", "size", "memory", "licence", "what it is")
_COMMIT = re.compile(r"(@[0-9a-f]{7})[0-9a-f]{33}")  # what people call a commit is its first letters


@click.command("list", short_help="Show which models are here, and which can be had.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(as_json: bool) -> None:
    """Show which models are installed, and which can be had."""
    from musicmed_desktop.engines import musicgen_lacks
    from musicmed_desktop.engines.models.catalogue import catalogue

    store, lack = open_store(), musicgen_lacks()
    here = store.installed()
    names, used = {each.name for each in here}, in_use()
    others = [entry for entry in catalogue() if entry.name not in names]
    if as_json:
        print_json(
            {"installed": [_stored(each, used) for each in here], "available": [asdict(each) for each in others]}
        )
        return
    if here:
        print_table(_HERE, (_here_row(each, used) for each in here))
    else:
        click.echo("No model is installed; the built-in composer needs none.")
    if lack:
        click.echo(f"\n{paragraph(lack)}")
    elif others:
        click.echo()
        print_table(_TO_DOWNLOAD, (_row(entry, store.staged(entry.name)) for entry in others))
    for name in _cut_off(store):
        click.echo(
            f"\nOf {name} there are {amount(store.staged(name))}, from an import that goes on or was cut off. "
            f'To make room: "musicmed models remove {name}".'
        )


@click.command(short_help="Tell about one model: what it is, size, memory, licence.")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(name: str, as_json: bool) -> None:
    """Tell about the model NAME: what it is, what it needs, its licence; and, where it is installed, where."""
    from musicmed_desktop.engines.models.catalogue import entry_named, find_entry

    used = in_use()
    installed, entry = open_store().named(name), entry_named(name)
    if installed is None and entry is None:
        find_entry(name)  # says what there is
    if as_json:
        print_json(
            {
                "installed": _stored(installed, used, files=True) if installed else None,
                "catalogue": asdict(entry) if entry else None,
            }
        )
        return
    if entry:
        click.echo(paragraph(f"{entry.title}. {entry.summary}"))
        _facts(_offered(entry))
    if installed:
        _facts(_kept(installed, used))


def _cut_off(store: Store) -> list[str]:
    """What an import that was killed has left: of what can be downloaded, the table tells."""
    from musicmed_desktop.engines.models.catalogue import catalogue

    offered = {entry.name for entry in catalogue()}
    return [name for name in store.half_done() if name not in offered and store.staged(name)]


def _here_row(installed: Installed, used: set[Path]) -> tuple[str, ...]:
    from musicmed_desktop.engines.models.wording import plain

    manifest = installed.manifest
    return (
        plain(installed.name),
        installed.kind,
        amount(installed.size),
        (manifest and manifest.licence) or "not known",
        "yes" if installed.folder in used else "",
        *(("yes", _COMMIT.sub(r"\1", manifest.source)) if manifest else _unrecorded(installed)),
    )


def _unrecorded(installed: Installed) -> tuple[str, str]:
    from musicmed_desktop.engines.models.manifest import MANIFEST
    from musicmed_desktop.engines.models.wording import plain

    if os.path.lexists(installed.folder / MANIFEST):
        return "unreadable", f'see "musicmed models verify {plain(installed.name)}"'
    return "none", "put there by hand"


def _row(entry: Entry, kept: int) -> tuple[str, ...]:
    size = amount(entry.download)
    return (
        entry.name,
        entry.kind,
        f"{size}, {amount(kept)} here" if kept else size,
        amount(entry.memory),
        entry.licence,
        entry.title,
    )


def _offered(entry: Entry) -> Iterable[tuple[str, str]]:
    from musicmed_desktop.engines.models.licences import accepted, find_licence

    licence, when = find_licence(entry.licence), accepted(open_store(), entry.licence)
    yield "download", amount(entry.download)
    yield "memory", f"{amount(entry.memory)} while it is in use"
    yield "licence", licence.title
    yield "", licence.summary
    yield "", licence.url
    if when:
        yield "", f"Accepted on {when.astimezone():%Y-%m-%d}."
    if entry.base:
        yield "made for", entry.base
    for source in entry.sources:
        yield "from", f"{source.repository} on huggingface.co, revision {source.revision}"
    for file in entry.files:
        yield "file", file.path if file.size is None else f"{file.path}, {amount(file.size)}"


def _kept(installed: Installed, used: set[Path]) -> Iterable[tuple[str, str]]:
    from musicmed_desktop.engines.models.wording import plain

    manifest = installed.manifest
    yield "installed", f"{plain(str(installed.folder))}, {amount(installed.size)}"
    if installed.folder in used:
        yield "in use", "by your settings"
    if manifest is None:
        record, why = _unrecorded(installed)
        yield "record", f"{record}, {why}: a damaged byte in it may not be found"
        return
    yield "since", f"{manifest.installed.astimezone():%Y-%m-%d %H:%M}"
    yield "source", manifest.source
    if manifest.base:
        yield "made for", manifest.base
    for file in manifest.files:
        yield "file", f"{file.path}, {amount(file.size)}"


def _facts(facts: Iterable[tuple[str, str]]) -> None:
    for name, text in facts:
        click.echo(paragraph(text, f"{name:<11}"))


def _stored(installed: Installed, used: set[Path], *, files: bool = False) -> dict[str, Any]:
    manifest = installed.manifest
    document: dict[str, Any] = {
        "name": installed.name,
        "kind": installed.kind,
        "folder": str(installed.folder),
        "size": installed.size,
        "in_use": installed.folder in used,
        "record": manifest is not None,
    }
    if manifest:
        kept = {"title", "source", "licence", "base", "installed"} | ({"files"} if files else set())
        document |= manifest.model_dump(mode="json", include=kept)
    return document
