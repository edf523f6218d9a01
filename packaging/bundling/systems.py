"""The installers of each system, and how they are installed to be tried out."""

from __future__ import annotations

import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bundling.product import PROGRAM, TITLE, Flavour, system


@dataclass(frozen=True)
class Order:
    """What is to be wrapped. `bundle` is PyInstaller's folder, or app; `scratch` is empty, and may be filled."""

    bundle: Path
    flavour: Flavour
    notices: Path
    scratch: Path


def make(order: Order, out: Path) -> list[Path]:
    """The installers for the system that this runs on, in `out`; the one that is tried out comes first."""
    parts = (order.bundle, order.flavour, order.notices, order.scratch, out)
    if system() == "windows":
        from bundling.windows import inno

        return [inno.build(*parts), inno.portable_zip(*parts)]
    if system() == "macos":
        from bundling.macos import disk_image

        return [disk_image.build(*parts)]
    from bundling.linux import appimage, deb

    return [deb.build(*parts), *appimage.build_if_possible(*parts)]


@contextmanager
def installed(installers: Sequence[Path], folder: Path) -> Generator[Path]:
    """The program's file, out of the first installer into `folder`, for as long as it is tried out."""
    if system() == "windows":
        from bundling.windows import inno

        inno.install_silently(installers[0], folder)
        try:
            yield folder / f"{PROGRAM}.exe"
        finally:
            inno.uninstall_silently(folder)
    elif system() == "macos":
        from bundling.macos import disk_image

        with disk_image.mounted(installers[0]) as disk:
            subprocess.run(["ditto", disk / f"{TITLE}.app", folder / f"{TITLE}.app"], check=True)
        yield folder / f"{TITLE}.app" / "Contents" / "MacOS" / PROGRAM
    else:
        from bundling.linux import deb

        subprocess.run(["dpkg-deb", "--extract", installers[0], folder], check=True)
        yield folder / deb.FOLDER.relative_to("/") / PROGRAM
