"""Plain output: aligned columns for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import click


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print left-aligned columns, as wide as their widest entry."""
    lines = [tuple(header), *map(tuple, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def print_json(document: object) -> None:
    """Print one JSON document; letters outside ASCII are escaped, so that any console can show it."""
    click.echo(json.dumps(document, indent=2))


def signed(number: float) -> str:
    """A coordinate of the circumplex, like +0.25."""
    return f"{number:+.2f}"


def clock(seconds: float) -> str:
    """Minutes and seconds, like 2:05."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
