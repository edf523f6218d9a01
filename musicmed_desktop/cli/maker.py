"""The options that say what makes the music."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from musicmed_desktop.cli.models.place import folder_named
from musicmed_desktop.cli.numbers import Number
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from musicmed_desktop.engines import Choice

_FOLDER = click.Path(path_type=Path)
_OPTIONS = (
    click.option(
        "--engine",
        default="auto",
        metavar="NAME",
        help="What makes the music: builtin, musicgen, audiocraft, or auto: MusicGen where a model is installed and "
        "this computer can keep up, else the built-in composer.  [default: auto]",
    ),
    click.option(
        "--soundfont",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The sounds that the built-in composer plays: a .sf2 or .sf3 file.",
    ),
    click.option(
        "--model",
        type=_FOLDER,
        metavar="DIR|NAME",
        help="A MusicGen model: its folder, or the name of an installed one.  [default: an installed one]",
    ),
    click.option(
        "--adapter",
        type=_FOLDER,
        metavar="DIR|NAME",
        help="A LoRA adapter for the model: its folder, or the name of an installed one.",
    ),
    click.option(
        "--strength",
        type=Number(0, 1),
        default=1.0,
        metavar="0..1",
        help="How much of the adapter is used.  [default: 1]",
    ),
)


def made_by(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give `command` the options above; it receives their outcome as `choice`."""

    @wraps(command)
    def with_choice(
        engine: str,
        soundfont: Path | None,
        model: Path | None,
        adapter: Path | None,
        strength: float,
        **others: Any,
    ) -> Any:
        return command(choice=_checked(engine, soundfont, model, adapter, strength), **others)

    for option in reversed(_OPTIONS):
        with_choice = option(with_choice)
    return with_choice


def _checked(engine: str, soundfont: Path | None, model: Path | None, adapter: Path | None, strength: float) -> Choice:
    """Who names a folder means it: "auto" would compose without it."""
    from musicmed_desktop.engines import Choice, check_adapter, check_model

    model, adapter = model and folder_named(model), adapter and folder_named(adapter)
    if model:
        check_model(model)
    if adapter:
        check_adapter(adapter)
    elif strength != 1:
        raise UserError("There is no adapter to use at another strength.", "Add --adapter, or leave --strength out.")
    return Choice(engine, soundfont, model, adapter, strength)
