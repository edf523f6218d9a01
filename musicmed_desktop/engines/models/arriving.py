"""What somebody brings: a folder, a zip file, or the cache of Hugging Face's programs; and the one model in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import is_zipfile

from musicmed_desktop.disk import unreadable
from musicmed_desktop.engines.models.archives import opened_archive
from musicmed_desktop.engines.models.folders import pieces_in
from musicmed_desktop.engines.models.hub_cache import cached_name, cached_pieces, find_cached
from musicmed_desktop.engines.models.manifest import MANIFEST, Manifest, parsed
from musicmed_desktop.engines.models.names import check_name
from musicmed_desktop.engines.models.pieces import Piece
from musicmed_desktop.engines.models.selecting import Model, the_model
from musicmed_desktop.errors import UserError

_FOREIGN = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Brought:
    """The model in `path`, and the name that it has there, made one that a store can take."""

    path: Path
    name: str
    model: Model


@contextmanager
def brought(path: Path) -> Iterator[Brought]:
    """What is at `path`; its pieces can be read as long as this is open. Raises UserError where it is no model."""
    try:
        folder = _in_folder(path) if path.is_dir() else None
    except OSError as error:
        raise unreadable(path, error) from error
    if folder:
        yield folder
        return
    _refuse_other_files(path)
    with opened_archive(path) as pieces:
        model = _held_to_record(path, the_model(path, pieces))
        yield Brought(path, _name(model.folder.rpartition("/")[2] or path.stem), model)


def _in_folder(path: Path) -> Brought:
    repository = find_cached(path.absolute())
    if repository:
        model = the_model(path, cached_pieces(repository, path.absolute()))
        return Brought(path, _name(cached_name(repository)), model)
    model = _held_to_record(path, the_model(path, pieces_in(path)))
    return Brought(path, _name(model.folder.rpartition("/")[2] or path.absolute().name), model)


def _refuse_other_files(path: Path) -> None:
    try:
        path.stat()
        if path.is_file() and is_zipfile(path):
            return
    except OSError as error:
        raise unreadable(path, error) from error
    except ValueError as error:  # a path with a NUL in it
        raise UserError("There is no such file or folder.", "Check the name.", str(error)) from error
    if path.suffix == ".zip":
        raise UserError(f"The zip file {path} is damaged: it cannot be read.", "Copy or download it again.")
    raise UserError(
        f"{path} is neither a folder nor a zip file.", "Choose the folder of a model, or the zip file that holds it."
    )


def _held_to_record(path: Path, model: Model) -> Model:
    """The model with the hashes that its record has, where it was exported by this program; a record is believed in
    nothing else. Only what it lists is taken.

    Raises UserError where the record is damaged, or lists what is not there.
    """
    pieces = {piece.path: piece for piece in model.pieces}
    written = pieces.pop(MANIFEST, None)
    if written is None:
        return model
    recorded = {file.path: file for file in _record(path, written).files}
    listed = [replace(piece, sha256=recorded[name].sha256) for name, piece in pieces.items() if name in recorded]
    for name, file in recorded.items():
        if name not in pieces or pieces[name].size != file.size:
            state = "is missing" if name not in pieces else "is not as long as it was"
            raise UserError(f"{name!r:.100} in {path} {state}.", "Copy or export the model again.")
    return replace(model, pieces=tuple(listed))


def _record(path: Path, written: Piece) -> Manifest:
    return parsed(b"".join(written.read()), f"the model in {path}", "Copy or export the model again.")


def _name(name: str) -> str:
    """The nearest one that a store can take."""
    valid = _FOREIGN.sub("-", name).strip("-._")[:80].rstrip("-._")
    try:
        check_name(valid)
    except UserError:
        return "model"
    return valid
