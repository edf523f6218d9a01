"""The command, and how a training ends."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from musicmed_desktop.cli.interruption import interruptible
from musicmed_desktop.cli.models.place import folder_named
from musicmed_desktop.cli.outcome import STOPPED, complain
from musicmed_desktop.cli.train.options import recipe

if TYPE_CHECKING:
    from musicmed_desktop.training.events import Event
    from musicmed_desktop.training.recipe import Recipe

_FOLDER = click.Path(path_type=Path)


@click.command(short_help="Fine-tune MusicGen on the moods of MTG-Jamendo.")
@click.option(
    "--model",
    type=_FOLDER,
    metavar="DIR|NAME",
    required=True,
    help="The MusicGen model to start from: its folder, or the name of an installed one.",
)
@click.option(
    "--dataset",
    type=_FOLDER,
    metavar="DIR",
    required=True,
    help="The folder of MTG-Jamendo, with its index, its official splits and its audio.",
)
@click.option("--out", type=_FOLDER, metavar="DIR", required=True, help="Where the adapter, states and logs go.")
@click.option("--audio", type=_FOLDER, metavar="DIR", help="The folder of the mp3 files.  [default: in --dataset]")
@click.option(
    "--codes",
    type=_FOLDER,
    metavar="DIR",
    help="Where the codes of the music are kept; several trainings may share them.  [default: in --out]",
)
@click.option(
    "--codec",
    type=_FOLDER,
    metavar="DIR|NAME",
    help="A model whose codec is used, where --model is in AudioCraft's form: all sizes have the same one.",
)
@recipe
def train(
    model: Path, dataset: Path, out: Path, audio: Path | None, codes: Path | None, codec: Path | None, recipe: Recipe
) -> int:
    """Fine-tune MusicGen on the moods of MTG-Jamendo, with a LoRA adapter.

    The music is turned into codes once, then learnt. What is stopped or killed goes on when the same command is
    given again. The adapter is in the folder "adapter" of --out.

    \b
    With many GPUs or machines:
      accelerate launch -m musicmed_desktop.training --model ... --dataset ... --out ...
    """
    from musicmed_desktop.cli.needs import require_training

    require_training()
    from musicmed_desktop.cli.train.progress import show
    from musicmed_desktop.training.recipe import Places
    from musicmed_desktop.training.train import train as begin

    places = Places(folder_named(model), dataset, out, audio, codes, codec and folder_named(codec))
    with interruptible() as interrupted:
        return _conclude(show(begin(places, recipe, interrupted)), out)


def _conclude(end: Event | None, out: Path) -> int:
    """Say how it ended; returns the exit code. Only one of many processes has something to say."""
    from musicmed_desktop.training.events import Paused, Trained

    if isinstance(end, Paused):
        complain(f"Stopped after step {end.step}. Give the same command again to go on.")
        return STOPPED
    if isinstance(end, Trained):
        early = " It ended early, as the validation loss stopped falling." if end.early else ""
        losses = f"from {end.first_loss:.3f} to {end.best_loss:.3f} nats a token"
        click.echo(
            f"Done: {end.step} steps; the validation loss went {losses}, at step {end.best_step}.{early}\n"
            f"The adapter is in {end.adapter}. To keep it: musicmed models import {end.adapter}\n"
            f"To see what it learnt: tensorboard --logdir {out / 'logs'}"
        )
    return 0
