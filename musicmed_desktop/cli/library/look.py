"""`musicmed library list`, `search` and `show`: what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from musicmed_desktop.cli.library.finding import SHOWN, document, line, named, sessions, when
from musicmed_desktop.cli.library.place import Place, placed
from musicmed_desktop.cli.outcome import complain
from musicmed_desktop.cli.table import clock, paragraph, print_json, print_wide, signed

if TYPE_CHECKING:
    from musicmed_desktop.affect import Affect
    from musicmed_desktop.library import Entry, Library

_DAY = click.DateTime(["%Y-%m-%d"])
_CHOOSING = (
    click.option("--deleted", is_flag=True, help="Those in the trash instead."),
    click.option("--favourites", is_flag=True, help="Favourites only."),
    click.option("--since", type=_DAY, metavar="YYYY-MM-DD", help="From this day on."),
    click.option("--until", type=_DAY, metavar="YYYY-MM-DD", help="Up to this day."),
    click.option("--json", "as_json", is_flag=True, help="Print JSON."),
)


def _choosing(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_CHOOSING):
        command = option(command)
    return command


@click.command("list", short_help="Show which sessions are there, the newest first.")
@_choosing
@placed
def list_(place: Place, **chosen: Any) -> None:
    """Show which sessions are there, the newest first.

    \b
    Examples:
      musicmed library list --since 2026-05-01
      musicmed library list --deleted
    """
    library = place.open()
    _show(_chosen(library, "", **chosen), as_json=chosen["as_json"])
    if not chosen["deleted"] and (count := len(library.interrupted())):
        complain(f"{sessions(count)} broke off before the end; the window offers to go on, or to keep what is there.")


@click.command(short_help="Find sessions by what is remembered of them.")
@click.argument("words", nargs=-1, required=True)
@_choosing
@placed
def search(place: Place, words: tuple[str, ...], **chosen: Any) -> None:
    """Find the sessions that hold all WORDS: in their title, moods, note or date, or in how you left.

    How you left is said with calmer, livelier, brighter, heavier, "more restless", quieter and "about the same".

    \b
    Examples:
      musicmed library search anxious calmer
      musicmed library search rain sunday
      musicmed library search 2026-05
    """
    _show(_chosen(place.open(), " ".join(words), **chosen), as_json=chosen["as_json"])


@click.command(short_help="Tell all about one session.")
@click.argument("session", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with the session's record.")
@placed
def show(place: Place, session: str, as_json: bool) -> None:
    """Tell all about the session ID: the beginning of its id, or "last" for the newest one.

    \b
    Examples:
      musicmed library show last
      musicmed library show 3f2a --json
    """
    library = place.open()
    (entry,) = named([session], (*library.entries(), *library.deleted()))
    if as_json:
        print_json(document(entry) | {"record": library.record(entry.id).model_dump(mode="json")})
        return
    click.echo(line(entry.title))
    for name, text in _facts(library, entry):
        click.echo(paragraph(text, f"{name:<12}"))


def _chosen(
    library: Library,
    text: str,
    deleted: bool,
    favourites: bool,
    since: datetime | None,
    until: datetime | None,
    **_: Any,
) -> list[Entry]:
    from musicmed_desktop.library import filtered

    first, last = since.date() if since else date.min, until.date() if until else date.max
    entries = filtered(library.deleted() if deleted else library.entries(), text, favourites_only=favourites)
    return [entry for entry in entries if first <= entry.started.date() <= last]


def _show(entries: Sequence[Entry], as_json: bool) -> None:
    from musicmed_desktop.library.wording import change_words

    if as_json:
        print_json({"sessions": [document(entry) for entry in entries]})
    elif not entries:
        click.echo("No session.")
    else:
        rows = ((entry.id[:SHOWN], when(entry.started), _minutes(entry), line(entry.title), entry) for entry in entries)
        print_wide(
            ("id", "when", "min", "session", "afterwards"),
            ((*cells, change_words(entry.change)) for *cells, entry in rows),
        )


def _minutes(entry: Entry) -> str:
    return f"{entry.seconds / 60:.0f}"


def _facts(library: Library, entry: Entry) -> Iterator[tuple[str, str]]:
    from musicmed_desktop.library.wording import change_words

    yield "id", entry.id
    yield "when", when(entry.started)
    yield "music", f"{clock(entry.seconds)} minutes" + (", ended early" if entry.shortened else "")
    yield "made by", line(entry.maker or entry.engine)
    yield "before", _felt(entry.before)
    yield "wished", _felt(entry.wished)
    yield "afterwards", f"{_felt(entry.after)}: {change_words(entry.change)}" if entry.after else "not said"
    if entry.worse_at_s:
        yield "felt worse", "at " + ", ".join(map(clock, entry.worse_at_s))
    for number, text in enumerate(entry.note.splitlines()):
        yield "" if number else "note", line(text)
    if entry.favourite:
        yield "favourite", "yes"
    if entry.deleted:
        yield "in the trash", f"since {when(entry.deleted.astimezone())}"
    yield "folder", str(library.collection.shelf.folder(library.collection.index.folder(entry.id)))


def _felt(felt: Affect) -> str:
    from musicmed_desktop.library.entry import feeling_word

    return f"{feeling_word(felt)} ({signed(felt.valence)}, {signed(felt.arousal)})"
