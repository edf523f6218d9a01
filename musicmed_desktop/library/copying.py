"""A file on its way to another disk, compared when it arrived."""

from __future__ import annotations

import os
from collections.abc import Container, Iterator
from hashlib import file_digest, sha256
from pathlib import Path

from musicmed_desktop.engines.models.progress import Meter
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.shelf import StoredFile

_BLOCK = 1 << 20


class DamagedFileError(Exception):
    """A file is missing, or other than its row says."""


def bring(source: Path, target: Path, file: StoredFile, stored: Container[StoredFile], meter: Meter) -> None:
    """Copy `file`, whole or not at all; not again where it is among those `stored` there. Its name is not settled.

    Raises DamagedFileError where `source` is not what `file` says, UserError where a disk refuses, OSError where that
    of `target` does.
    """
    if file in stored and target.is_file() and target.stat().st_size == file.size:
        meter.count(file.size)
        return
    part = target.with_name(f".{target.name}.part")
    try:
        if not source.is_file() or _copied(source, part, meter) != file.sha256:
            raise DamagedFileError(source)
        if _hash(part) != file.sha256:
            raise UserError(f"{target} was not stored as it was written.", "Check the disk, or choose another one.")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _copied(source: Path, target: Path, meter: Meter) -> str:
    """The hash of what was read."""
    digest = sha256()
    with target.open("wb") as copy:
        for block in _blocks(source):
            digest.update(block)
            copy.write(block)
            meter.count(len(block))
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest()


def _blocks(source: Path) -> Iterator[bytes]:
    """DamagedFileError where they cannot be read: one bad place on a disk must not keep the rest from its backup."""
    try:
        with source.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
    except OSError as error:
        raise DamagedFileError(source) from error


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
