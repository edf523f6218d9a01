"""Folders with all that they hold."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from musicmed_desktop.disk import settle_names


def erase(folder: Path) -> None:
    """Delete a folder with all that it holds; a link is only unlinked. What is in use stays."""
    if folder.is_symlink():
        folder.unlink()
    else:
        shutil.rmtree(folder, ignore_errors=True)


def bytes_in(folder: Path) -> int:
    """Of all its files; those that go away meanwhile, or may not be looked at, do not count."""
    size = 0
    for inside, _, files in os.walk(folder):
        for name in files:
            with suppress(OSError):
                size += Path(inside, name).stat().st_size
    return size


def settle(folder: Path) -> None:
    """Bring the names of all files in `folder` to the disk; their contents are there already."""
    for inside in folder.rglob("*"):
        if inside.is_dir():
            settle_names(inside)
    settle_names(folder)
