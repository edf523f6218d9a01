"""`musicmed library stats`: what many sessions tell together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from musicmed_desktop.cli.library.finding import sessions
from musicmed_desktop.cli.library.place import Place, placed
from musicmed_desktop.cli.table import paragraph, print_json, print_table, signed

if TYPE_CHECKING:
    from musicmed_desktop.library import Shift
    from musicmed_desktop.library.statistics import Month, Summary


@click.command(short_help="Tell what all sessions show together.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@placed
def stats(place: Place, as_json: bool) -> None:
    """Tell how often and how long you listened, and how you left compared with how you came.

    Changes are on the two axes of a feeling, each from -2 to +2: more pleasant is above zero, and so is more lively.
    They show what you said, not what the music did. What is in the trash does not count.
    """
    from musicmed_desktop.library.statistics import summary

    counted = summary(place.open().entries())
    if as_json:
        print_json(_document(counted))
        return
    for name, text in _facts(counted):
        click.echo(paragraph(text, f"{name:<12}"))
    if counted.months:
        click.echo()
        print_table(("month", "sessions", "said after", "pleasant", "lively"), map(_row, counted.months))


def _facts(counted: Summary) -> Iterator[tuple[str, str]]:
    yield "sessions", f"{counted.sessions}, {_hours(counted.minutes)} of music"
    if counted.first and counted.last:
        yield "from", f"{counted.first:%Y-%m-%d} to {counted.last:%Y-%m-%d}"
    if counted.said_after:
        yield "afterwards", f"said after {sessions(counted.said_after)}"
        yield "on average", _change(counted.mean)
        yield "median", _change(counted.median)
    if counted.nearer is not None:
        yield "nearer", f"{100 * counted.nearer:.0f} % ended nearer to the wished feeling than they began"
    for name, count in (
        ("ended early", counted.shortened),
        ("felt worse", counted.felt_worse),
        ("favourites", counted.favourites),
    ):
        if count:
            yield name, str(count)
    if counted.engines:
        yield "music by", ", ".join(f"{name} ({count})" for name, count in counted.engines)


def _hours(minutes: float) -> str:
    return f"{minutes:.0f} minutes" if minutes < 120 else f"{minutes / 60:.1f} hours"


def _change(shift: Shift | None) -> str:
    from musicmed_desktop.library.wording import change_words

    return f"{change_words(shift)} (pleasant {signed(shift.valence)}, lively {signed(shift.arousal)})" if shift else ""


def _row(month: Month) -> tuple[str, ...]:
    means = (signed(month.mean.valence), signed(month.mean.arousal)) if month.mean else ("", "")
    return (f"{month.start:%Y-%m}", str(month.sessions), str(month.said_after), *means)


def _document(counted: Summary) -> dict[str, Any]:
    values: dict[str, Any] = asdict(counted)
    for name in ("first", "last"):
        values[name] = values[name] and values[name].isoformat()
    for name in ("mean", "median"):
        values[name] = _shift(getattr(counted, name))
    values["engines"] = dict(counted.engines)
    values["months"] = [
        {
            "month": f"{month.start:%Y-%m}",
            "sessions": month.sessions,
            "said_after": month.said_after,
            "mean": _shift(month.mean),
        }
        for month in counted.months
    ]
    return values


def _shift(shift: Shift | None) -> dict[str, float] | None:
    return shift and {"valence": shift.valence, "arousal": shift.arousal}
