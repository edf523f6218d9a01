"""Libraries that were damaged, locked, or looked at from outside."""

from __future__ import annotations

from pathlib import Path
from random import Random

from musicmed_desktop.library import Library
from musicmed_desktop.library.index import INDEX
from musicmed_desktop.library.keys import new_keys, write_keys

PASSPHRASE = "three warm words"


def locked_library(folder: Path) -> Library:
    """A new one."""
    folder.mkdir(parents=True, exist_ok=True)
    write_keys(folder, new_keys(), PASSPHRASE)
    return Library(folder, PASSPHRASE)


def place_of(library: Library, id: str) -> Path:
    return library.collection.shelf.folder(library.collection.index.folder(id))


def file_of(library: Library, id: str, name: str) -> Path:
    return library.collection.shelf.path(library.collection.index.folder(id), name)


def flip(path: Path, at: int = -100) -> None:
    """One bit."""
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def settle_log(library: Library) -> None:
    """All that the index holds is in its one file."""
    with library.collection.index.database.connected() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def scratch(library: Library, page: int) -> None:
    """Noise in place of a page of the index, counted from 1."""
    settle_log(library)
    path = library.folder / INDEX
    content = bytearray(path.read_bytes())
    size = 4096
    content[(page - 1) * size : page * size] = Random(page).randbytes(size)
    path.write_bytes(content)


def tree(folder: Path) -> dict[str, bytes]:
    """Each file below `folder`, but for the log that SQLite keeps while somebody looks, and the spare copy."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in files
        if not path.name.endswith(("-wal", "-shm", ".spare-1"))
    }
