"""The folders in which Hugging Face's own programs keep what they fetched.

As huggingface_hub 2.4 lays it out: HUB/models--OWNER--NAME/snapshots/COMMIT/FILE, each file a link into blobs/ beside
snapshots/, where a file of weights has its SHA-256 for a name.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from functools import partial
from pathlib import Path

from musicmed_desktop.disk import unreadable
from musicmed_desktop.engines.models.files import blocks
from musicmed_desktop.engines.models.pieces import Piece, is_weights
from musicmed_desktop.engines.models.selecting import models_among
from musicmed_desktop.engines.musicgen.installed import AUDIOCRAFT_FILES
from musicmed_desktop.errors import UserError

_REPOSITORY, _SNAPSHOTS = "models--", "snapshots"
_TEXT = "t5-base"
_TEXT_ENCODERS = ("models--google-t5--t5-base", "models--t5-base")  # its owner's name came later
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SHARD = re.compile(r".*-of-(\d{5})\.safetensors")


def find_cached(folder: Path) -> Path | None:
    """The repository in a hub's folder, or that a snapshot belongs to; None where `folder` is nothing of a hub's.

    Raises UserError where a hub holds several models.
    """
    if folder.parent.name == _SNAPSHOTS and _is_repository(folder.parents[1]):
        return folder.parents[1]
    if _is_repository(folder):
        return folder
    for hub in (folder, folder / "hub"):
        repositories = _repositories(hub)
        if repositories:
            return _only(hub, repositories)
    return None


def cached_name(repository: Path) -> str:
    """NAME of models--OWNER--NAME."""
    return repository.name.rpartition("--")[2]


def cached_pieces(repository: Path, chosen: Path) -> list[Piece]:
    """The files of the newest snapshot that is whole, or of the `chosen` one; links lead into the repository alone.

    Raises UserError where there is no whole one.
    """
    if chosen.parent.name == _SNAPSHOTS:
        snapshots = [chosen]
    else:
        snapshots = sorted((repository / _SNAPSHOTS).iterdir(), key=lambda each: each.stat().st_mtime, reverse=True)
    for snapshot in snapshots:
        pieces = _pieces(repository, snapshot)
        if pieces is not None and _is_whole(pieces):
            return pieces + _text_encoder(repository, pieces)
    raise UserError(
        f"The model in {repository} was not fetched as a whole.", "Fetch it again with the program that began it."
    )


def _is_repository(folder: Path) -> bool:
    return folder.name.startswith(_REPOSITORY) and (folder / _SNAPSHOTS).is_dir()


def _repositories(hub: Path) -> list[Path]:
    try:
        return sorted(inside for inside in hub.iterdir() if _is_repository(inside))
    except OSError:
        return []


def _only(hub: Path, repositories: list[Path]) -> Path:
    models = [repository for repository in repositories if _holds_model(repository)]
    if len(models) > 1:
        names = ", ".join(repository.name for repository in models)
        raise UserError(f"There are several models in {hub}: {names}.", "Choose one of these folders.")
    return models[0] if models else repositories[0]


def _holds_model(repository: Path) -> bool:
    try:
        return bool(models_among(cached_pieces(repository, repository)))
    except UserError:
        return False


def _pieces(repository: Path, snapshot: Path) -> list[Piece] | None:
    """None where a file is still on its way."""
    pieces, inside = [], repository.resolve()
    try:
        for file in sorted(snapshot.rglob("*")):
            target = Path(os.path.realpath(file))  # which minds no circle of links, as Path.resolve does
            if target.is_dir():
                continue
            if not target.is_relative_to(inside):
                raise UserError(
                    f"{file} leads out of {repository}.", "Choose a folder that holds the files themselves."
                )
            if not target.is_file():
                return None
            known = target.name if _SHA256.fullmatch(target.name) else ""
            path = file.relative_to(snapshot).as_posix()
            pieces.append(Piece(path, target.stat().st_size, partial(blocks, target), known))
    except OSError as error:
        raise unreadable(snapshot, error) from error
    return pieces


def _text_encoder(repository: Path, pieces: list[Piece]) -> list[Piece]:
    """AudioCraft's files only name theirs, which its own programs keep in the same hub: as a folder beside them."""
    paths = {piece.path for piece in pieces}
    beside = (repository.with_name(name) for name in _TEXT_ENCODERS)
    found = next((folder for folder in beside if _is_repository(folder)), None)
    if not found or not paths.issuperset(AUDIOCRAFT_FILES) or any(path.startswith(f"{_TEXT}/") for path in paths):
        return []
    return [replace(piece, path=f"{_TEXT}/{piece.path}") for piece in cached_pieces(found, found)]


def _is_whole(pieces: list[Piece]) -> bool:
    shards = [int(match[1]) for piece in pieces if (match := _SHARD.fullmatch(piece.path))]
    return any(is_weights(piece.path) for piece in pieces) and all(count == len(shards) for count in shards)
