"""What is asked of an evaluation, and the folder that is held by it until all is heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from musicmed_desktop import __version__
from musicmed_desktop.disk import unreadable, write_whole, writing
from musicmed_desktop.engines import Choice
from musicmed_desktop.engines.builtin.soundfonts import choose_soundfont
from musicmed_desktop.errors import UserError
from musicmed_desktop.evaluation.fingerprint import fingerprint
from musicmed_desktop.evaluation.values import Condition, Item
from musicmed_desktop.evaluation.walking import Journey
from musicmed_desktop.recognition import create_recognizer

REQUEST = "request.json"
REFERENCE = "reference"  # the folder of what was heard of real music; no condition is called so
_SHOWN = 60  # letters of what differs


@dataclass(frozen=True)
class Request:
    """Every condition makes each item, `seconds` long, and each journey; but where `files` are given, by the keys of
    the items, those are heard, at most `seconds` of each. `clips` then names their folder.

    `clap` is the folder of the model that listens, None for none; `reference` are files of real music; `notes` are
    lines for the report about what decides nothing of what is heard.
    """

    conditions: tuple[Condition, ...]
    items: tuple[Item, ...]
    seconds: float
    journeys: tuple[Journey, ...] = ()
    clap: Path | None = None
    reference: tuple[Path, ...] = ()
    files: Mapping[str, Path] = field(default_factory=dict)
    clips: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    keep_audio: bool = False


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    setting: dict[str, str]


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


def hold(folder: Path, wanted: Mapping[str, str]) -> None:
    """Make `folder` the one of this evaluation, or find that it is.

    Raises UserError where it holds another evaluation, and says what differs; where it holds something else; and
    where the disk refuses.
    """
    file = folder / REQUEST
    if folder.is_file():
        raise UserError(f"{folder} is a file, not a folder.", "Choose another name.")
    with writing(file):
        folder.mkdir(parents=True, exist_ok=True)
        inside = {found.name for found in folder.iterdir() if not found.name.endswith(".part")}
    if REQUEST in inside:
        _refuse_another(folder, _read(file), wanted)
    elif inside:
        raise UserError(f"{folder} holds something else.", "Choose a new folder, or an empty one.")
    with writing(file):  # also where it is there already: so it is known that the disk takes what is heard
        write_whole(file, _Document(setting=dict(wanted)).model_dump_json(indent=2).encode() + b"\n")


def _read(file: Path) -> Mapping[str, str]:
    try:
        return _Document.model_validate_json(file.read_bytes()).setting
    except OSError as error:
        raise unreadable(file, error) from error
    except ValidationError as error:
        raise UserError(
            f"{file} is damaged, so that nobody knows what was evaluated in its folder.",
            "Choose another folder.",
            str(error),
        ) from error


def _refuse_another(folder: Path, there: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    names = [name for name in {**there, **wanted} if there.get(name) != wanted.get(name)]
    if names:
        differences = "; ".join(f"{name}: {_short(there, name)} there, {_short(wanted, name)} here" for name in names)
        raise UserError(
            f"{folder} holds another evaluation ({differences}).",
            "Choose another folder, or ask for the same again to go on.",
        )


def _short(lines: Mapping[str, str], name: str) -> str:
    line = lines.get(name, "none")
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
