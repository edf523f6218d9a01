"""`musicmed library export`: copies of sessions, for players, for a therapist, for a table."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from musicmed_desktop.cli.library.finding import SHOWN, found, line, sessions, titled
from musicmed_desktop.cli.library.place import Place, asked, placed
from musicmed_desktop.cli.library.writing import KINDS, Copies
from musicmed_desktop.cli.outcome import complain
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from musicmed_desktop.library import Entry, Library
    from musicmed_desktop.session.record import SessionRecord

_PATH = click.Path(path_type=Path)


@click.command(short_help="Copy sessions as music, for a therapist, or as a table.")
@click.argument("ids", nargs=-1, metavar="ID...")
@click.option("--all", "everything", is_flag=True, help="All sessions, but for those in the trash.")
@click.option("--to", "target", type=_PATH, metavar="FILE|DIR", help="A new file, or a folder.")
@click.option(
    "--format", "kind", type=click.Choice(KINDS), help="What to write.  [default: by the name of FILE, or flac]"
)
@click.option("--without-sound", is_flag=True, help="With musicmed: no music, only what was said and measured.")
@click.option("--password", is_flag=True, help="With musicmed: ask for a password that locks the file.")
@click.option("--password-file", metavar="FILE", help="With musicmed: the password is on the first line of FILE.")
@click.option("--csv", "table", type=_PATH, metavar="FILE", help="Write a table of the sessions; - is standard output.")
@click.option("--json", "data", type=_PATH, metavar="FILE", help="Write all data as JSON; - is standard output.")
@placed
def export(
    place: Place,
    ids: tuple[str, ...],
    everything: bool,
    target: Path | None,
    kind: str | None,
    without_sound: bool,
    password: bool,
    password_file: str | None,
    table: Path | None,
    data: Path | None,
) -> None:
    """Copy the sessions ID... (the beginning of an id, or "last"), or all of them.

    flac, wav, mp3 and ogg are music with a title and a picture, without your notes. musicmed is a file for another
    MusicMed, as a therapist has it: it holds your notes and how you felt, so lock it with --password where it goes
    through other hands. folder is a folder with all files of the session.

    \b
    Examples:
      musicmed library export last --to evening.mp3
      musicmed library export last --to for-my-therapist.musicmed --password
      musicmed library export --all --csv sessions.csv
    """
    if not (ids or everything) or not (target or table or data):
        raise click.UsageError("Say which sessions, and where to: for example export last --to evening.mp3.")
    library = place.open()
    entries = library.entries() if everything else found(library, ids)
    if table:
        _write_table(entries, table)
    if data:
        _write_data(library, entries, data)
    if target:
        kind = kind or _kind_of(target)
        if kind != "musicmed" and (password or password_file or without_sound):
            raise click.UsageError("--password and --without-sound are for the format musicmed.")
        secret = asked("Password of the file", password_file, twice=True) if password or password_file else None
        _copy(Copies(library, kind, not without_sound, secret), entries, target, many=everything or len(entries) > 1)
    if library.collection.shelf.locked and not (password or password_file):
        complain("The copy is not locked: whoever has it can read it.")


def _copy(copies: Copies, entries: Sequence[Entry], target: Path, many: bool) -> None:
    for entry in entries:
        written = copies.write(entry, target, into_folder=many or target.is_dir())
        click.echo(f"{titled(entry)}: {written}")


def _kind_of(target: Path) -> str:
    kind = target.suffix.casefold().removeprefix(".")
    if not target.is_dir() and kind and kind not in KINDS:
        raise UserError(f'Music cannot be written as "{line(target.suffix)}".', f"Choose from {', '.join(KINDS)}.")
    return kind if kind in KINDS and not target.is_dir() else "flac"


def _write_table(entries: Sequence[Entry], target: Path) -> None:
    from musicmed_desktop.library.export import dump_csv, write_csv

    if str(target) == "-":
        dump_csv(entries, sys.stdout)
        return
    write_csv(entries, target)
    click.echo(f"{sessions(len(entries))}: {target}")


def _write_data(library: Library, entries: Sequence[Entry], target: Path) -> None:
    from musicmed_desktop.library.export import dump_json, write_json

    def record(id: str) -> SessionRecord | None:
        """One that is damaged is told of, and left out: the others matter more."""
        try:
            return library.record(id)
        except UserError as error:
            complain(f"{id[:SHOWN]}: {error}")
            return None

    if str(target) == "-":
        dump_json(entries, sys.stdout, record)
        return
    write_json(entries, target, record)
    click.echo(f"{sessions(len(entries))}: {target}")
