"""The options that make a Recipe: names, ranges and prose; their defaults are the Recipe's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from musicmed_desktop.cli.numbers import Number
from musicmed_desktop.training.recipe import Recipe

_SHARE = Number(0, 1, max_open=True)
_COUNT = click.IntRange(min=1)
_FIELDS: tuple[tuple[str, click.ParamType[Any], str, str], ...] = (
    ("epochs", Number(0, min_open=True), "N", "How often the whole dataset is learnt."),
    ("steps", _COUNT, "N", "How many steps are learnt, instead of epochs."),
    ("batch", _COUNT, "N", "Examples of a step, over all devices."),
    ("micro_batch", _COUNT, "N", "Examples that lie on a device at a time; fewer need less memory."),
    ("learning_rate", Number(0, 1, min_open=True), "RATE", "Of AdamW, after the warm-up."),
    ("warm_up", _SHARE, "0..1", "The share of the steps in which the learning rate rises."),
    ("weight_decay", Number(0), "N", "Of AdamW."),
    ("clip_norm", Number(0, min_open=True), "N", "The greatest norm of a gradient."),
    ("rank", click.IntRange(1, 512), "N", "Rank of the adapter."),
    ("alpha", click.IntRange(1, 4096), "N", "Its scale is alpha / rank."),
    ("lora_dropout", _SHARE, "0..1", "Dropout in front of the adapter."),
    ("caption_dropout", _SHARE, "0..1", "The share of examples that are learnt without a caption, for guidance."),
    ("tag_dropout", _SHARE, "0..1", "How often a tag is left out of a caption."),
    ("ema", _SHARE, "0..1", "Decay of a moving average of the adapter, such as 0.999; 0 for none."),
    ("window_s", Number(1, 30), "SECONDS", "Length of the examples."),
    ("most_windows", _COUNT, "N", "At most so many examples of one track."),
    ("evaluate_every", _COUNT, "STEPS", "How often the validation loss is measured."),
    ("validation_windows", _COUNT, "N", "Examples that it is measured on."),
    ("patience", _COUNT, "N", "End after so many evaluations without a better one."),
    ("checkpoint_every", _COUNT, "STEPS", "How often the state is written to the disk, to go on from."),
    ("split", click.IntRange(0, 4), "0..4", "Which of the dataset's five official splits."),
    ("seed", click.IntRange(0, 2**31 - 1), "N", "Of everything that is drawn at random."),
)


def recipe(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give `command` the options; it receives their outcome as `recipe`."""

    @wraps(command)
    def with_recipe(sample: bool, gradient_checkpointing: bool, **others: Any) -> Any:
        fields = {name: others.pop(name) for name, *_ in _FIELDS}
        asked = Recipe(**fields, gradient_checkpointing=gradient_checkpointing)
        return command(recipe=asked if sample else _silent(asked), **others)

    for option in reversed((*map(_option, _FIELDS), *_SWITCHES)):
        with_recipe = option(with_recipe)
    return with_recipe


_SWITCHES = (
    click.option("--sample/--no-sample", default=True, help="Write a session of a minute at each evaluation."),
    click.option(
        "--gradient-checkpointing/--no-gradient-checkpointing",
        default=True,
        help="Compute some things twice instead of keeping them in memory.",
    ),
)


def _option(field: tuple[str, click.ParamType[Any], str, str]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    name, kind, metavar, prose = field
    default = getattr(Recipe(), name)
    flag = "--window" if name == "window_s" else f"--{name.replace('_', '-')}"
    return click.option(
        flag, name, type=kind, metavar=metavar, default=default, show_default=default is not None, help=prose
    )


def _silent(asked: Recipe) -> Recipe:
    from dataclasses import replace

    return replace(asked, sample_s=0.0)
