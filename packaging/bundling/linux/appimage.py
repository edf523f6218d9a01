"""The AppImage: one file that runs on most Linux systems, without being installed.

It is the AppImage runtime, and behind it a squashfs of a folder that holds AppRun, a desktop entry and an icon; see
https://github.com/AppImage/AppImageSpec.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from bundling import product
from bundling.linux import files
from bundling.linux.runtime import RuntimeMissingError, runtime
from bundling.linux.timestamps import settle, source_date_epoch
from bundling.linux.tools import call
from bundling.product import Flavour

LEVEL = 12  # of zstd, 1 to 22: more takes minutes for a few MB

_PROGRAM = Path("usr/lib") / product.PROGRAM / product.PROGRAM
_ICON = Path("usr/share/icons/hicolor/256x256/apps") / f"{product.PROGRAM}.png"


def build(bundle: Path, flavour: Flavour, licences: Path, scratch: Path, out: Path) -> Path:
    """Make the AppImage of the folder `bundle` in the folder `out`; returns it.

    `licences` is the text of all notices, `scratch` a folder for what lies about meanwhile. Raises RuntimeMissingError
    where the runtime cannot be had, and BundleError for all else.
    """
    head = runtime()
    folder, packed = scratch / "AppDir", scratch / "AppDir.squashfs"
    shutil.rmtree(folder, ignore_errors=True)
    _lay_out(folder, bundle, licences)
    settle(folder)
    _pack(folder, packed)
    target = out / product.installer_name(flavour, ".AppImage")
    with target.open("wb") as whole:
        for part in (head, packed):
            with part.open("rb") as content:
                shutil.copyfileobj(content, whole)
    target.chmod(0o755)
    packed.unlink()
    return target


def build_if_possible(bundle: Path, flavour: Flavour, licences: Path, scratch: Path, out: Path) -> list[Path]:
    """As `build`; where the runtime cannot be had, say so and make none: the .deb has all of it, too. A release wants
    all of it, and sets MUSICMED_RELEASE."""
    try:
        return [build(bundle, flavour, licences, scratch, out)]
    except RuntimeMissingError as error:
        if os.environ.get("MUSICMED_RELEASE"):
            raise
        print(f"\n!! THERE IS NO APPIMAGE. {error}\n", file=sys.stderr, flush=True)
        return []


def _lay_out(folder: Path, bundle: Path, licences: Path) -> None:
    """What is seen where it is mounted."""
    shutil.copytree(bundle, folder / _PROGRAM.parent, symlinks=True)
    share = folder / "usr" / "share"
    files.write_share(share)
    documents = share / "doc" / product.PROGRAM
    documents.mkdir(parents=True)
    shutil.copyfile(licences, documents / "copyright")
    links = {
        # No script: the program is called as the AppImage was, so that a link named musicmed is the terminal program.
        "AppRun": _PROGRAM,
        f"usr/bin/{product.PROGRAM}": Path("../..") / _PROGRAM,
        f"usr/bin/{product.TERMINAL}": Path("../..") / _PROGRAM,
        files.DESKTOP: Path("usr/share/applications") / files.DESKTOP,
        _ICON.name: _ICON,
        ".DirIcon": _ICON,
    }
    (folder / "usr" / "bin").mkdir()
    for name, target in links.items():
        (folder / name).symlink_to(target)


def _pack(folder: Path, packed: Path) -> None:
    """A squashfs with everything owned by root, and nothing in it that changes from run to run."""
    epoch = str(source_date_epoch())
    compression = ("-comp", "zstd", "-Xcompression-level", str(LEVEL))
    steady = ("-root-owned", "-no-xattrs", "-no-exports", "-mkfs-time", epoch, "-all-time", epoch)
    quiet = ("-noappend", "-no-progress", "-quiet")
    # mksquashfs refuses times where the environment has one, too.
    call(
        "env",
        "-u",
        "SOURCE_DATE_EPOCH",
        "mksquashfs",
        folder,
        packed,
        *compression,
        *steady,
        *quiet,
        package="squashfs-tools",
    )
