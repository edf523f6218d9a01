"""Telling whether files are still the same, without reading gigabytes."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from musicmed_desktop.disk import unreadable
from musicmed_desktop.engines.models.manifest import MANIFEST

_PIECES, _PIECE = 16, 1 << 16  # of a file, spread over its length, and their bytes; training changes weights everywhere


def fingerprint(path: Path) -> str:
    """Of a file, or of all files in a folder with their names: 12 hexadecimal digits. Raises UserError."""
    digest = blake2b(digest_size=6)
    try:
        for file in _files(path):
            name = file.relative_to(path).as_posix() if file != path else ""
            digest.update(f"{name}\0{file.stat().st_size}\0".encode())
            for piece in _pieces(file):
                digest.update(piece)
    except OSError as error:
        raise unreadable(path, error) from error
    return digest.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    """What is hidden, and when and from where a model was installed, do not count."""
    if path.is_file():
        yield path
    for inside in sorted(path.iterdir()) if path.is_dir() else ():
        if not inside.name.startswith(".") and inside.name != MANIFEST:
            yield from _files(inside)


def _pieces(file: Path) -> Iterator[bytes]:
    size = file.stat().st_size
    with file.open("rb") as opened:
        if size <= _PIECES * _PIECE:
            yield opened.read()
            return
        for number in range(_PIECES):
            opened.seek((size - _PIECE) * number // (_PIECES - 1))
            yield opened.read(_PIECE)
