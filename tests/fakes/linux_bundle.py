"""A bundle in small: a real program of this machine in the place of the real one."""

from __future__ import annotations

import shutil
from pathlib import Path

from bundling.product import PROGRAM


def small_bundle(folder: Path) -> Path:
    """A folder of PyInstaller's form in `folder`, whose program prints its arguments."""
    bundle = folder / PROGRAM
    (bundle / "_internal").mkdir(parents=True)
    echo = shutil.which("echo")
    assert echo is not None
    shutil.copyfile(Path(echo).resolve(), bundle / PROGRAM)
    (bundle / PROGRAM).chmod(0o700)
    (bundle / "_internal" / "Größe.txt").write_text("content", encoding="utf-8")
    (bundle / "_internal" / "link.txt").symlink_to("Größe.txt")
    return bundle


def notices(folder: Path) -> Path:
    """The text of all notices."""
    path = folder / "LICENCES.txt"
    path.write_text("A library. Copyright 2020 its authors. MIT.\n", encoding="utf-8")
    return path
