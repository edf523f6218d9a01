"""`musicmed recognize`: which mood a piece of music conveys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from musicmed_desktop.cli.table import clock, print_json, print_table, signed
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from musicmed_desktop.affect import Affect
    from musicmed_desktop.recognition import Measurement, Recognizer

WINDOW_S = 30.0


@dataclass(frozen=True)
class Window:
    """A stretch of a file, in seconds, and what it conveys."""

    start_s: float
    duration_s: float
    measurement: Measurement


@click.command(short_help="Tell which mood a sound file conveys.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def recognize(files: tuple[Path, ...], as_json: bool) -> None:
    """Tell which mood music conveys: every 30 seconds, and as a whole.

    Reads FLAC, WAV, OGG and MP3 files. Arousal is heard well, valence less reliably.
    """
    from musicmed_desktop.recognition import create_recognizer

    recognizer = create_recognizer()
    heard = ((file, list(windows(file, recognizer))) for file in files)
    if as_json:
        tool = {"name": recognizer.name, "version": recognizer.version}
        print_json({"recognizer": tool, "files": [_document(*each) for each in heard]})
    else:
        for file, found in heard:
            click.echo(file)
            print_table(("from", "to", "valence", "arousal", "mood"), [*map(_row, found), _whole_row(found)])


def windows(file: Path, recognizer: Recognizer) -> Iterator[Window]:
    """Measure the file in windows of 30 s; a rest of less than 3 s is left out. UserError if it is all there is."""
    from musicmed_desktop.audio.files import blocks
    from musicmed_desktop.recognition.combined import MIN_SECONDS

    start_s = 0.0
    for samples, rate in blocks(file, WINDOW_S):
        duration_s = len(samples) / rate
        if duration_s >= MIN_SECONDS:
            yield Window(start_s, duration_s, recognizer.measure(samples, rate))
        elif start_s == 0.0:
            raise UserError(
                f"{file} is too short to tell its mood.", f"Choose one of at least {MIN_SECONDS:g} seconds."
            )
        start_s += duration_s


def whole(found: list[Window]) -> Affect:
    """What the file conveys on average over its length."""
    from musicmed_desktop.affect import Affect

    length = sum(window.duration_s for window in found)
    valence = sum(window.measurement.affect.valence * window.duration_s for window in found)
    arousal = sum(window.measurement.affect.arousal * window.duration_s for window in found)
    return Affect.clipped(valence / length, arousal / length)


def _end_s(found: list[Window]) -> float:
    return found[-1].start_s + found[-1].duration_s


def _row(window: Window) -> tuple[str, ...]:
    end_s = window.start_s + window.duration_s
    return (clock(window.start_s), clock(end_s), *_words(window.measurement.affect))


def _whole_row(found: list[Window]) -> tuple[str, ...]:
    return ("whole", clock(_end_s(found)), *_words(whole(found)))


def _words(affect: Affect) -> tuple[str, str, str]:
    from musicmed_desktop.affect import nearest

    return signed(affect.valence), signed(affect.arousal), nearest(affect, 1, "feeling")[0].word


def _place(affect: Affect) -> dict[str, object]:
    return {"valence": affect.valence, "arousal": affect.arousal, "mood": _words(affect)[2]}


def _document(file: Path, found: list[Window]) -> dict[str, object]:
    return {
        "path": str(file),
        "duration_s": _end_s(found),
        **_place(whole(found)),
        "windows": [
            {
                "start_s": window.start_s,
                "duration_s": window.duration_s,
                **_place(window.measurement.affect),
                "heard": dict(window.measurement.attributes),
            }
            for window in found
        ],
    }
