"""What can be asked of an evaluation on the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Any

import click

from musicmed_desktop.cli.numbers import Number

_FOLDER = click.Path(path_type=Path)


@dataclass(frozen=True)
class Options:
    """As they were given; see `_OPTIONS`. None where a default depends on others."""

    builtin: bool
    models: tuple[Path, ...]
    adapters: tuple[Path, ...]
    strength: float
    clips: Path | None
    intended: Path | None
    moods: str | None
    instruments: str | None
    seeds: int | None
    seconds: float
    walks: int
    walk_minutes: float
    clap: Path | None
    no_clap: bool
    reference: Path | None
    keep_audio: bool


_OPTIONS = (
    click.option("--builtin", is_flag=True, help="Evaluate the built-in composer."),
    click.option(
        "--model",
        "models",
        type=_FOLDER,
        multiple=True,
        metavar="DIR|NAME",
        help="Evaluate a MusicGen model: its folder, or the name of an installed one; repeatable.",
    ),
    click.option(
        "--adapter",
        "adapters",
        type=_FOLDER,
        multiple=True,
        metavar="DIR|NAME",
        help="Evaluate a LoRA adapter with the model that it fits, and that model; repeatable.",
    ),
    click.option(
        "--strength",
        type=Number(0, 1),
        default=1.0,
        metavar="0..1",
        help="How much of the adapters is used.  [default: 1]",
    ),
    click.option("--clips", type=_FOLDER, metavar="DIR", help="Evaluate the sound files in a folder instead."),
    click.option(
        "--intended",
        type=_FOLDER,
        metavar="TSV",
        help="Which moods they should have: a table with the columns path, moods (with commas) and, if you like, text; "
        "or an index of MTG-Jamendo.",
    ),
    click.option(
        "--moods",
        metavar="TAG,TAG...",
        help="Mood tags to ask for.  [default: three of each quarter of the circumplex]",
    ),
    click.option("--instruments", metavar="NAME,NAME...", help="[default: piano, strings, synthesizer]"),
    click.option(
        "--seeds", type=click.IntRange(1), metavar="N", help="Clips of each mood and instrument.  [default: 1]"
    ),
    click.option(
        "--seconds",
        type=Number(5, 300),
        default=30.0,
        metavar="N",
        help="Length of the clips; of longer files, the middle is heard.  [default: 30]",
    ),
    click.option(
        "--walks",
        type=click.IntRange(0),
        default=0,
        metavar="N",
        help="Whole sessions of each model, to measure how they walk from mood to mood.  [default: none]",
    ),
    click.option("--walk-minutes", type=Number(2, 60), default=15.0, metavar="N", help="Their length.  [default: 15]"),
    click.option(
        "--clap", type=_FOLDER, metavar="DIR|NAME", help="The CLAP model that listens.  [default: the installed one]"
    ),
    click.option("--no-clap", is_flag=True, help="Do without CLAP; the scores that need it are missing."),
    click.option(
        "--reference",
        type=_FOLDER,
        metavar="DIR",
        help="A folder of real music, for the Frechet audio distance to it.",
    ),
    click.option("--keep-audio", is_flag=True, help="Keep the music, as FLAC files beside the results."),
)


def asked(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give `command` the options above; it receives them as `options`."""

    @wraps(command)
    def with_options(**given: Any) -> Any:
        options = Options(**{field.name: given.pop(field.name) for field in fields(Options)})
        return command(options=options, **given)

    for option in reversed(_OPTIONS):
        with_options = option(with_options)
    return with_options
