"""Plain output: aligned columns and paragraphs for people, JSON for programs."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterable, Sequence

import click

_WIDTH = 100  # letters of a line, as help has them


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print left-aligned columns, as wide as their widest entry."""
    lines = [tuple(header), *map(tuple, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def print_wide(header: Sequence[str], rows: Iterable[Sequence[str]], wrapped: int = 2) -> None:
    """Print columns in the width of the terminal; the last `wrapped` ones take as many lines as they need."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="", padding=(0, 2, 0, 0))
    for number, name in enumerate(header):
        table.add_column(name, no_wrap=number < len(header) - wrapped, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console = Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=_WIDTH)
    console.print(table)


def print_json(document: object) -> None:
    """Print one JSON document; letters outside ASCII are escaped, so that any console can show it."""
    click.echo(json.dumps(document, indent=2))


def paragraph(text: str, lead: str = "") -> str:
    """`text` in lines of a width that can be read, behind `lead`; addresses and paths stay whole."""
    indent = " " * len(lead)
    lines = textwrap.wrap(text, _WIDTH - len(lead), break_long_words=False, break_on_hyphens=False)
    return lead + f"\n{indent}".join(lines)


def signed(number: float) -> str:
    """A coordinate of the circumplex, like +0.25."""
    return f"{number:+.2f}"


def clock(seconds: float) -> str:
    """Minutes and seconds, like 2:05."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
