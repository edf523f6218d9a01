"""What is asked of an evaluation, and the folder that is held by it until all is heard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from musicmed_desktop.disk import unreadable, write_whole, writing
from musicmed_desktop.errors import UserError
from musicmed_desktop.evaluation.values import Condition, Item
from musicmed_desktop.evaluation.walking import Journey

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


def hold(folder: Path, wanted: Mapping[str, str]) -> None:
    """Make `folder`, which is occupied, the one of this evaluation, or find that it is.

    Raises UserError where it holds another evaluation, and says what differs; where it holds something else; and
    where the disk refuses.
    """
    file = folder / REQUEST
    with writing(file):
        for left in folder.glob(".*.part"):  # of a report, by a program that was killed
            left.unlink()
        inside = {found.name for found in folder.iterdir() if not found.name.startswith(".")}
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
