"""The options that say what to compose, shared by the commands that need a prescription."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from musicmed_desktop.affect import Affect
    from musicmed_desktop.plan import Prescription

_OPTIONS = (
    click.option(
        "--from", "start", metavar="MOOD|V,A", help="How you feel: a word, or valence and arousal from -1 to 1."
    ),
    click.option("--to", "target", metavar="MOOD|V,A", help="How you would like to feel."),
    click.option("--minutes", type=float, metavar="N", help="Length, 1 to 60 minutes.  [default: 15]"),
    click.option(
        "--instrument", "instruments", multiple=True, metavar="NAME", help="An instrument to hear; repeatable."
    ),
    click.option("--genre", "genres", multiple=True, metavar="NAME", help="A style of music; repeatable."),
    click.option(
        "--prescription",
        "file",
        type=click.Path(path_type=Path),
        metavar="FILE.json",
        help="A prescription, as a therapist may write it; the options above overrule it.",
    ),
)

SEEDS = 2**31  # of which one is drawn where none is given
seed_option = click.option(
    "--seed",
    type=click.IntRange(min=0),
    metavar="N",
    help="The same number gives the same session again.  [default: drawn]",
)


def prescribed(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give `command` the options above; it receives their outcome as `prescription`."""

    @wraps(command)
    def with_prescription(
        start: str | None,
        target: str | None,
        minutes: float | None,
        instruments: tuple[str, ...],
        genres: tuple[str, ...],
        file: Path | None,
        **others: Any,
    ) -> Any:
        document = _document(file) if file else {}
        document |= {
            name: [point.valence, point.arousal]
            for name, point in (("start", _point(start)), ("target", _point(target)))
            if point
        }
        if minutes is not None:
            document["minutes"] = minutes
        document["palette"] = document.get("palette", {}) | _palette(instruments, genres)
        return command(prescription=_prescription(document), **others)

    for option in reversed(_OPTIONS):
        with_prescription = option(with_prescription)
    return with_prescription


def affect_named(text: str) -> Affect:
    """The point that a mood word or a pair such as -0.6,0.7 stands for; UserError tells what is allowed."""
    from musicmed_desktop.affect import Affect, mood

    if "," not in text:
        return mood(text).affect
    try:
        valence, arousal = map(float, text.split(","))
        return Affect(valence, arousal)
    except ValueError:
        raise UserError(
            f'"{text}" is not a point on the circumplex.',
            "Give valence and arousal, both from -1 to 1, with a comma between them, for example -0.6,0.7.",
        ) from None


def _point(text: str | None) -> Affect | None:
    return None if text is None else affect_named(text)


def _palette(instruments: tuple[str, ...], genres: tuple[str, ...]) -> dict[str, list[str]]:
    """What was asked for; a name that is not known is refused here, where its option is known."""
    from musicmed_desktop.plan.palette import tag_of

    for name in instruments:
        tag_of("instrument", name)
    for name in genres:
        tag_of("genre", name)
    named = {"instruments": [*instruments], "genres": [*genres]}
    return {kind: names for kind, names in named.items() if names}


def _document(file: Path) -> dict[str, Any]:
    from musicmed_desktop.plan import load_prescription

    return load_prescription(file).model_dump(mode="json")


def _prescription(document: dict[str, Any]) -> Prescription:
    from musicmed_desktop.plan import parse_prescription

    for name, option, question in (("start", "--from", "you feel"), ("target", "--to", "you would like to feel")):
        if name not in document:
            raise UserError(f"How {question} is missing.", f"Add {option} and a mood, for example {option} calm.")
    return parse_prescription(document)
