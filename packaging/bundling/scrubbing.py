"""Takes this machine's paths out of Python's own parts before they are shipped.

A Python that was compiled where it is used, as pyenv's is, names its prefix as the place to look for libraries, in
libpython and in every module of the standard library that is a library; its debugging information says where it was
compiled; and the module that sysconfig reads has both. Nothing needs them: PyInstaller's program says where things are.
"""

from __future__ import annotations

import os
import sysconfig
from collections.abc import Collection
from pathlib import Path

_ELF = b"\x7fELF"
_NOWHERE = b"/nonexistent"  # Debian's name for a folder that there never is


def scrub(root: Path, forbidden: Collection[str]) -> list[Path]:
    """Write over the forbidden paths in the folder's libraries for Linux; returns those changed.

    On Windows Python holds no such path, and on macOS a library cannot be changed without signing it anew; there
    bundling.traces finds what is left."""
    changed = []
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink() and _is_elf(path):
            before = path.read_bytes()
            after = _without(before, forbidden)
            if after != before:
                path.write_bytes(after)
                changed.append(path)
    return changed


def write_sysconfig(folder: Path, forbidden: Collection[str]) -> Path:
    """Write copies, without the forbidden paths, of the modules that sysconfig reads; there are none on Windows.
    Returns `folder`: as one of Analysis' `pathex` it comes before Python's own."""
    folder.mkdir(parents=True, exist_ok=True)
    for module in Path(sysconfig.get_path("stdlib")).glob("_sysconfigdata_*.py"):
        (folder / module.name).write_bytes(_without(module.read_bytes(), forbidden))
    return folder


def _without(data: bytes, forbidden: Collection[str]) -> bytes:
    """Every forbidden path becomes one of equal length, because a library's text must stay where it is."""
    for path in sorted(map(os.fsencode, forbidden), key=len, reverse=True):
        data = data.replace(path, _elsewhere(path))
    return data


def _elsewhere(path: bytes) -> bytes:
    """With the same last name: a linker stores a text that another one ends with only once, as pyenv's
    .../versions/3.11.7 and Python's own version."""
    folder, _, name = path.rpartition(b"/")
    return _NOWHERE[: len(folder)].ljust(len(folder), b"/") + b"/" + name


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_ELF)) == _ELF
