"""Files by their contents: SHA-256, and copies that are checked as they are made."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from musicmed_desktop.disk import unreadable, unwritable
from musicmed_desktop.engines.models.progress import Meter

BLOCK = 1 << 20  # bytes that are read at once


@dataclass(frozen=True)
class StoredFile:
    """`path` is relative to the model's folder, with / between its parts; `sha256` is in lower-case hex."""

    path: str
    size: int
    sha256: str


def blocks(file: Path) -> Iterator[bytes]:
    """The file's contents. Raises UserError where it cannot be read."""
    try:
        with file.open("rb") as source:
            while block := source.read(BLOCK):
                yield block
    except OSError as error:
        raise unreadable(file, error) from error


def hashed(file: Path, meter: Meter) -> str:
    """The file's SHA-256."""
    digest = sha256()
    for block in blocks(file):
        digest.update(block)
        meter.count(len(block))
    return digest.hexdigest()


def copied(source: Iterator[bytes], file: Path, meter: Meter) -> str:
    """Write what `source` yields to `file`, which must not be there, down to the disk; the SHA-256 of what was written.

    Makes the folders that it needs. Raises UserError where the disk refuses, and leaves what was written.
    """
    digest = sha256()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as target:
            for block in source:
                target.write(block)
                digest.update(block)
                meter.count(len(block))
            target.flush()
            os.fsync(target.fileno())
    except OSError as error:
        raise unwritable(file, error) from error
    return digest.hexdigest()
