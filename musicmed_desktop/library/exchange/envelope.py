"""Any file that is exchanged: read within bounds, opened with its passphrase, refused in a sentence."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from musicmed_desktop.amounts import amount
from musicmed_desktop.disk import unreadable, write_whole, writing
from musicmed_desktop.errors import UserError
from musicmed_desktop.library.sealing import is_sealed_with, sealed_with, unsealed_with

_SEAL_BYTES = 100  # more than a seal adds


class PassphraseNeededError(UserError):
    """The file is locked, and no passphrase was given."""


def put(target: Path, content: bytes, passphrase: str | None) -> None:
    """Write the file, whole or not at all; raises UserError."""
    closed = content if passphrase is None else sealed_with(content, passphrase)
    with writing(target):
        write_whole(target, closed)


def opened(path: Path, most: int, passphrase: str | None) -> bytes:
    """What lies in the file, at most `most` bytes. A passphrase that is not needed is not used.

    Raises UserError where it cannot be read, is too large, or does not open; PassphraseNeededError where it is
    locked and `passphrase` is None.
    """
    content = _read(path, most + _SEAL_BYTES)
    if not is_sealed_with(content[:_SEAL_BYTES]):
        return content
    if passphrase is None:
        raise PassphraseNeededError(f"{path.name} is locked with a passphrase.", "Ask whoever sent it, and type it.")
    return unsealed_with(content, passphrase)


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """What cannot be understood is a ValueError inside, and a UserError outside."""
    try:
        yield
    except ValueError as error:
        hint = "Ask for it to be sent once more."
        raise UserError(f"{path.name} is damaged, or was changed on its way.", hint, str(error)[:2000]) from error


def _read(path: Path, most: int) -> bytes:
    try:
        if not path.is_dir() and path.exists() and not path.is_file():  # to open a pipe would wait for its writer
            raise UserError(f"{path} is not a file.", "Choose a file.")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            content = file.read(size + 1) if size <= most else b""
    except OSError as error:
        raise unreadable(path, error) from error
    if size > most or len(content) > size:
        raise UserError(f"{path.name} is far too large.", "Choose another file.", amount(size))
    return content
