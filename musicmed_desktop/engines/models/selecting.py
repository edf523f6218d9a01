"""Which of all files that arrive are the one model's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from musicmed_desktop.engines.choice import ADAPTER_FILE
from musicmed_desktop.engines.models.headers import SMALL, limit
from musicmed_desktop.engines.models.manifest import MANIFEST, Kind
from musicmed_desktop.engines.models.pieces import (
    ADAPTER_FILES,
    CONFIG,
    NOTES,
    PICKLES,
    SETTINGS,
    WEIGHTS,
    Piece,
    is_weights,
)
from musicmed_desktop.engines.musicgen.installed import AUDIOCRAFT_FILES
from musicmed_desktop.errors import UserError

_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Model:
    """The pieces of one model, their paths from its own folder on; `folder` is where that lies in what arrives."""

    folder: str
    kind: Kind
    pieces: tuple[Piece, ...]

    @property
    def size(self) -> int:
        return sum(piece.size for piece in self.pieces)


def the_model(path: Path, pieces: Iterable[Piece]) -> Model:
    """The one model among all the pieces of `path`, without what does not belong to it.

    Raises UserError where there is none, where there are several, or where its weights could hold programs.
    """
    pieces = [piece for piece in pieces if not _is_hidden(piece.path)]
    found = models_among(pieces)
    if len(found) > 1:
        names = ", ".join(sorted(found))
        raise UserError(
            f"There are several models in {path}: {names}.", "Choose one of them; unpack a zip file before."
        )
    if not found:
        raise UserError(
            f"There is no music model in {path}.",
            "Choose the folder or the zip file of a model, with its config.json and model.safetensors.",
        )
    folder, kind = next(iter(found.items()))
    return Model(folder, kind, _belonging(path, kind, _below(folder, pieces)))


def models_among(pieces: list[Piece]) -> dict[str, Kind]:
    """The kinds of the models by their folders; "" is the top, below which no other is looked for."""
    top = _kind(_files(pieces))
    if top:
        return {"": top}
    tops = sorted({piece.path.partition("/")[0] for piece in pieces if "/" in piece.path})
    if len(tops) == 1 and not _files(pieces):
        return {f"{tops[0]}/{rest}".rstrip("/"): kind for rest, kind in models_among(_below(tops[0], pieces)).items()}
    kinds = {folder: _kind(_files(_below(folder, pieces))) for folder in tops}
    return {folder: kind for folder, kind in kinds.items() if kind}


def _kind(files: dict[str, Piece]) -> Kind | None:
    if ADAPTER_FILE in files and not any(WEIGHTS.fullmatch(name) for name in files):
        return "adapter"
    if any(name in files for name in AUDIOCRAFT_FILES):
        return "model"
    if CONFIG not in files:
        return "model" if any(WEIGHTS.fullmatch(name) for name in files) else None
    kind = _model_type(files[CONFIG])
    if kind == "clap":
        return "evaluation"
    return "model" if kind is None or kind.startswith("musicgen") else None


def _model_type(config: Piece) -> str | None:
    """None where the file does not say, or is broken; to find out what is wrong with it is left to the checks."""
    if config.size > SMALL:
        return None
    try:
        values = json.loads(b"".join(config.read()))
    except (UserError, ValueError, RecursionError):
        return None
    kind = values.get("model_type") if isinstance(values, dict) else None
    return kind if isinstance(kind, str) else None


def _belonging(path: Path, kind: Kind, pieces: list[Piece]) -> tuple[Piece, ...]:
    files = _files(pieces)
    if kind == "adapter":
        taken = [piece for name, piece in files.items() if name in ADAPTER_FILES]
    elif any(WEIGHTS.fullmatch(name) for name in files):
        taken = _plain(files)
    else:
        taken = [*(files[name] for name in AUDIOCRAFT_FILES if name in files), *_plain(files), *_beside(pieces)]
    _refuse_pickles(path, pieces, taken)
    notes = [piece for name, piece in files.items() if NOTES.fullmatch(name) and piece.size <= SMALL]
    record = [piece for name, piece in files.items() if name == MANIFEST]
    for piece in (*taken, *record):
        _refuse_swollen(path, piece)
    return (*taken, *notes, *record)


def _plain(files: dict[str, Piece]) -> list[Piece]:
    return [piece for name, piece in files.items() if name in SETTINGS or WEIGHTS.fullmatch(name)]


def _beside(pieces: list[Piece]) -> list[Piece]:
    """What AudioCraft's files name lies in folders of its own, as t5-base."""
    tops = {piece.path.partition("/")[0] for piece in pieces if piece.path.count("/") == 1}
    folders = {top for top in tops if _FOLDER.fullmatch(top)}  # t5-base, and what others may call it
    inside = {folder: _plain(_files(_below(folder, pieces))) for folder in folders}
    return [replace(piece, path=f"{folder}/{piece.path}") for folder, found in inside.items() for piece in found]


def _refuse_pickles(path: Path, pieces: list[Piece], taken: list[Piece]) -> None:
    """Where the weights are there only in a form that can hold programs; else such files are left out."""
    read = {str(PurePosixPath(piece.path).parent) for piece in taken if is_weights(piece.name)}
    for piece in pieces:
        beside = str(PurePosixPath(piece.path).parent)
        if piece.name.endswith(PICKLES) and piece.path.count("/") <= 1 and beside not in read:
            if "/" in piece.path and not any(other.path.startswith(f"{beside}/") for other in taken):
                continue  # a folder of which nothing is taken
            raise UserError(
                f"The model in {path} has its weights only as {piece.name}, which can hold programs and is not opened.",
                "Get the model with its safetensors files; the published ones have them.",
            )


def _refuse_swollen(path: Path, piece: Piece) -> None:
    most = limit(piece.name)
    if most is not None and piece.size > most:
        raise UserError(
            f"The file {piece.path} in {path} is far too large for what it should be.",
            "Copy or download the model again.",
        )


def _files(pieces: Iterable[Piece]) -> dict[str, Piece]:
    return {piece.path: piece for piece in pieces if "/" not in piece.path}


def _below(folder: str, pieces: Iterable[Piece]) -> list[Piece]:
    start = f"{folder}/" if folder else ""
    return [replace(piece, path=piece.path[len(start) :]) for piece in pieces if piece.path.startswith(start)]


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in path.split("/"))
