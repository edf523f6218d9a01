"""What lies in a folder that somebody chose: a model's own, or one that holds it, as a USB stick."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from musicmed_desktop.disk import unreadable
from musicmed_desktop.engines.models.files import blocks
from musicmed_desktop.engines.models.manifest import MANIFEST
from musicmed_desktop.engines.models.pieces import Piece, belongs
from musicmed_desktop.errors import UserError

_DEEP = 3  # STICK/MODEL/t5-base/config.json
_MOST = 20_000  # files and folders that are looked at


def pieces_in(folder: Path) -> list[Piece]:
    """The files in `folder`, down to what a model's folder inside it can have. No link is followed.

    Raises UserError where it may not be read, where there are very many, or where a model's file is a link.
    """
    pieces = []
    for count, (path, entry) in enumerate(_entries(folder, "", _DEEP)):
        if count > _MOST:
            raise UserError(f"There are too many files in {folder}.", "Choose the folder of the model itself.")
        if entry.is_file(follow_symlinks=False):
            file = Path(entry.path)
            pieces.append(Piece(path, entry.stat(follow_symlinks=False).st_size, partial(blocks, file)))
        elif (belongs(entry.name) or entry.name == MANIFEST) and not entry.is_dir(follow_symlinks=False):
            raise UserError(f"{entry.path} is a link, not a file.", "Choose a folder that holds the files themselves.")
    return pieces


def _entries(folder: Path, start: str, deep: int) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        with os.scandir(folder) as scanned:
            entries = sorted(scanned, key=lambda entry: entry.name)
    except OSError as error:
        if start:  # there are folders on many disks that nobody may read
            return
        raise unreadable(folder, error) from error
    for entry in entries:
        yield start + entry.name, entry
        if deep > 1 and not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
            yield from _entries(Path(entry.path), f"{start}{entry.name}/", deep - 1)
