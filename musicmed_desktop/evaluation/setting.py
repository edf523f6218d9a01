"""How an evaluation is made, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from musicmed_desktop import __version__
from musicmed_desktop.engines import Choice
from musicmed_desktop.engines.builtin.soundfonts import choose_soundfont
from musicmed_desktop.evaluation.fingerprint import fingerprint
from musicmed_desktop.evaluation.request import Request
from musicmed_desktop.recognition import create_recognizer


def setting(request: Request) -> dict[str, str]:
    """All that decides what is heard, line by line: with other lines, results must not be mixed."""
    recognizer = create_recognizer()
    return {
        **dict(_music(request)),
        "seconds of a clip": f"{request.seconds:g}",
        "recognizer": f"{recognizer.name} {recognizer.version}",
        "CLAP": "none" if request.clap is None else _named(request.clap),
        "MusicMed Desktop": __version__,
    }


def _music(request: Request) -> Iterator[tuple[str, str]]:
    if request.files:
        yield "clips", request.clips
        return
    prompts = [item.prompt for item in request.items]
    yield "moods", _once(mood for prompt in prompts for mood in prompt.moods)
    yield "instruments", _once(instrument for prompt in prompts for instrument in prompt.instruments)
    yield "clips of each condition", str(len(request.items))
    if request.journeys:
        yield "sessions of each condition", f"{len(request.journeys)}, each of {request.journeys[0].minutes:g} min"
    for condition in request.conditions:
        if condition.choice:
            yield f"condition {condition.name}", _maker(condition.choice)
    if any(condition.choice and condition.choice.model for condition in request.conditions):
        yield "models run on", _place()


def _once(tags: Iterator[str]) -> str:
    return ", ".join(dict.fromkeys(tags))


def _maker(choice: Choice) -> str:
    if choice.model is None:
        return f"the built-in composer, {choose_soundfont(None).stem}"
    adapter = f" with {_named(choice.adapter)} at {choice.strength:g}" if choice.adapter else ""
    return _named(choice.model) + adapter


def _named(path: Path) -> str:
    return f"{path.resolve().name} ({fingerprint(path)})"


def _place() -> str:
    """Other numbers give other music."""
    from musicmed_desktop.engines.musicgen.placement import placements

    best = placements()[0]
    return f"{best.device}, {best.dtype}"
