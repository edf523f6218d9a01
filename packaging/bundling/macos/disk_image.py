"""The disk image for macOS: the app, and beside it the folder into which a person drags it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from bundling import product
from bundling.macos.keychain import unlocked
from bundling.macos.notarizing import notarize
from bundling.macos.signing import sign_app, sign_image
from bundling.macos.tools import call, call_patiently
from bundling.product import PROGRAM, ROOT, TERMINAL, TITLE, Flavour


def build(app: Path, flavour: Flavour, notices: Path, scratch: Path, out: Path) -> Path:
    """Sign and notarize `app`, as far as the environment's variables allow, and wrap it; the image lies in `out`.

    `notices` are the licences of what is bundled; `scratch` may be filled. Raises BundleError.
    """
    image = out / product.installer_name(flavour, ".dmg")
    add_terminal(app)
    with unlocked(scratch):
        sign_app(app)
        notarize(app, scratch)
        folder = _laid_out(app, notices, scratch / "disk")
        options = ("-fs", "HFS+", "-format", "ULMO", "-ov")  # ULMO: lzma, which macOS 10.15 and newer read
        call_patiently("hdiutil", "create", "-volname", TITLE, "-srcfolder", folder, *options, image)
        sign_image(image)
        notarize(image, scratch)
    return image


@contextmanager
def mounted(image: Path) -> Generator[Path]:
    """The image's content as a folder, which cannot be written, for as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="musicmed-") as name:
        place = Path(name) / "disk"
        place.mkdir()
        call_patiently("hdiutil", "attach", image, "-readonly", "-nobrowse", "-mountpoint", place)
        try:
            yield place
        finally:
            call_patiently("hdiutil", "detach", place)


def add_terminal(app: Path) -> None:
    """The terminal's program: the same one, which looks at the name that it is called by."""
    link = app / "Contents" / "Resources" / TERMINAL
    link.unlink(missing_ok=True)
    link.symlink_to(Path("..") / "MacOS" / PROGRAM)


def _laid_out(app: Path, notices: Path, folder: Path) -> Path:
    """What a person sees who opens the image."""
    folder.mkdir()
    call("ditto", app, folder / app.name)
    (folder / "Applications").symlink_to("/Applications")
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE.txt")
    shutil.copyfile(notices, folder / notices.name)
    return folder
