"""A model as a folder or a zip file, for a USB stick: written beside, read again, and only then under its name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from glob import escape
from pathlib import Path
from tempfile import mkdtemp

from musicmed_desktop.disk import hold, settle_names, unwritable
from musicmed_desktop.engines.models.files import StoredFile, blocks
from musicmed_desktop.engines.models.folders import pieces_in
from musicmed_desktop.engines.models.manifest import MANIFEST, Manifest, listed, read_manifest
from musicmed_desktop.engines.models.parcels import FolderParcel, Parcel, ZipParcel, fits_disk
from musicmed_desktop.engines.models.pieces import Piece
from musicmed_desktop.engines.models.progress import Cancelled, Meter, Told, nobody, untold
from musicmed_desktop.engines.models.selecting import the_model
from musicmed_desktop.engines.models.space import require_space
from musicmed_desktop.engines.models.store import Installed
from musicmed_desktop.engines.models.trees import erase
from musicmed_desktop.errors import UserError

_LOCK = ".lock"  # in a folder for what is not finished


def export_model(installed: Installed, target: Path, told: Told = untold, cancelled: Cancelled = nobody) -> Path:
    """Write the model as the zip file `target`, or into the folder `target` as a folder of its name; returns where.

    Raises UserError where something is there already, the disk is too small or refuses, or the model is damaged;
    CancelledError where it was stopped. Nothing is left of it then.
    """
    is_zip = target.suffix.lower() == ".zip"
    final = target if is_zip else target / installed.name
    _refuse_store(installed, final)
    _refuse_present(final)
    pieces = _pieces(installed)
    size = sum(piece.size for piece in pieces)
    require_space(final.parent, size, installed.name)
    with _beside(final) as working, fits_disk(working, pieces):
        part = working / final.name
        parcel = ZipParcel(part, installed.name) if is_zip else FolderParcel(part)
        files = _write(parcel, installed, pieces, Meter("copying", size, told, cancelled))
        _compare(parcel, files, Meter("checking", size, told, cancelled))
        _refuse_present(final)
        part.rename(final)
        settle_names(final.parent)
    return final


def _pieces(installed: Installed) -> list[Piece]:
    """What is to be exported: what the record lists, or else what belongs to a model."""
    manifest = read_manifest(installed.folder)
    if manifest is None:
        return list(the_model(installed.folder, pieces_in(installed.folder)).pieces)
    return [
        Piece(file.path, file.size, partial(blocks, installed.folder / file.path), file.sha256)
        for file in manifest.files
    ]


def _write(parcel: Parcel, installed: Installed, pieces: list[Piece], meter: Meter) -> list[StoredFile]:
    with parcel.written() as put:
        files = [StoredFile(piece.path, piece.size, put(piece, meter)) for piece in pieces]
        for piece, file in zip(pieces, files, strict=True):
            if piece.sha256 not in ("", file.sha256):
                raise UserError(
                    f"{piece.path} of {installed.name} is damaged, so that it was not exported.",
                    "Remove the model, then download or import it again.",
                )
        manifest = installed.manifest or Manifest(
            name=installed.name, kind=installed.kind, title=installed.name, files=listed(files)
        )
        content = manifest.model_dump_json(indent=2).encode() + b"\n"
        put(Piece(MANIFEST, len(content), lambda: iter([content])), Meter("copying", len(content)))
    return files


def _compare(parcel: Parcel, files: list[StoredFile], meter: Meter) -> None:
    """What was written, as the disk gives it back."""
    found = parcel.hashes(meter)
    for file in files:
        if found.get(file.path) != file.sha256:
            raise UserError(
                f"{file.path} was not written as it should be.",
                "The disk or the stick may be failing: use another one.",
            )


def _refuse_present(final: Path) -> None:
    if os.path.lexists(final):
        raise UserError(f"{final} is there already.", "Choose another name or folder, or move it away first.")


def _refuse_store(installed: Installed, final: Path) -> None:
    """A copy inside the store is one that nobody finds, and inside a model something that does not belong to it."""
    store = installed.folder.parent.resolve()
    if Path(os.path.realpath(final)).is_relative_to(store):  # Path.resolve raises where links lead in a circle
        raise UserError(f"{store} is where this app keeps its models.", "Choose a folder elsewhere, as on a stick.")


@contextmanager
def _beside(final: Path) -> Iterator[Path]:
    """A folder for what is not finished, on the same disk; nothing is left of it, nor of those of killed programs."""
    begin, end = f".{final.name}.", ".part"
    try:
        if final.parent.parent.is_dir():
            final.parent.mkdir(exist_ok=True)
        for left in final.parent.glob(f"{escape(begin)}*{end}"):
            _erase_unless_used(left)
        working = Path(mkdtemp(prefix=begin, suffix=end, dir=final.parent))
        lock = (working / _LOCK).open("ab")
    except OSError as error:
        raise unwritable(final, error) from error
    try:
        with lock:
            hold(lock)
            yield working
    finally:
        erase(working)


def _erase_unless_used(working: Path) -> None:
    with suppress(OSError):  # it only takes room
        with (working / _LOCK).open("rb+") as lock:
            left = hold(lock)
        if left:
            erase(working)
