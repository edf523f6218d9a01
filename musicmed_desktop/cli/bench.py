"""`musicmed bench`: how fast MusicGen composes on this computer, beside its peers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from musicmed_desktop.cli.models.place import folder_named
from musicmed_desktop.cli.numbers import Number
from musicmed_desktop.cli.outcome import complain
from musicmed_desktop.cli.table import print_json, print_table
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from musicmed_desktop.engines.musicgen.bench.order import Row

_HEADER = ("engine", "device", "type", "ms per step", "s per s of music", "first sound after", "peak memory")


@click.command(short_help="Measure how fast MusicGen composes on this computer.")
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    metavar="DIR|NAME",
    help="A MusicGen model: its folder, or the name of an installed one.  "
    "[default: random weights of musicgen-small's size, which cost the same]",
)
@click.option(
    "--seconds",
    type=Number(0.1, 30.0),
    default=10.0,
    show_default=True,
    help="How much music each engine writes.",
)
@click.option(
    "--against",
    metavar="NAMES",
    help='Peers to measure too, with commas: transformers, audiocraft; "" for none.  [default: those installed]',
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench(model: Path | None, seconds: float, against: str | None, as_json: bool) -> None:
    """Measure how fast MusicGen composes on this computer.

    This program's own engine and its peers write the same length of music on the same weights, one after
    another. With peers this takes some minutes; close other programs first.
    """
    from musicmed_desktop.engines.musicgen.bench.report import measure, require

    require("torch")  # before anything is said of its peers
    report = measure(seconds, model and folder_named(model), _peers(against), complain)
    if as_json:
        print_json(report.document())
        return
    click.echo(f"{report.machine}\n{report.model}\n")
    print_table(_HEADER, map(_cells, report.rows))
    click.echo()
    for sentence in report.sentences():
        click.echo(sentence)


def _peers(against: str | None) -> list[str]:
    """What was asked for has to be there; what was not asked for is left out with a word where it is missing."""
    from musicmed_desktop.engines.musicgen.bench.report import PEERS, installed, require

    if against is None:
        for peer in PEERS:
            if not installed(peer):
                complain(f"{peer} is left out: it is not installed.")
        return [peer for peer in PEERS if installed(peer)]
    asked = [name.strip() for name in against.split(",") if name.strip()]
    for name in asked:
        if name not in PEERS:
            raise UserError(f'There is no peer named "{name}".', f"Choose from: {', '.join(PEERS)}.")
        require(name)
    return asked


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.engine,
        row.device,
        row.dtype,
        f"{row.ms_per_step:.1f}",
        f"{row.s_per_audio_s:.2f}",
        f"{row.time_to_first_chunk_s:.1f} s",
        f"{row.peak_memory_mb:.0f} MB",
    )
