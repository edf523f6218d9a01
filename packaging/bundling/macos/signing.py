"""Signatures on an app and on a disk image.

With MUSICMED_SIGN_IDENTITY, the name of a "Developer ID Application" certificate in the keychain, they tell who made
it; without, they are "ad hoc": nobody's, but Apple's processors start nothing that has none at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bundling.macos.tools import call, setting

IDENTITY = "MUSICMED_SIGN_IDENTITY"
# What the hardened runtime is asked for, in a file without comments, which macOS' kernel does not understand: PortAudio
# calls back into Python through cffi, which writes the code for that at run time
# (https://cffi.readthedocs.io/en/latest/using.html#callbacks). Nothing more: all libraries bear the app's own
# signature, so that macOS may go on refusing others.
ENTITLEMENTS = Path(__file__).with_name("entitlements.plist")

_NOBODY = "-"
# Mach-O, of one processor or of many, in either order of bytes; see <mach-o/loader.h> and <mach-o/fat.h>.
_MAGIC = {bytes.fromhex(magic) for magic in ("cffaedfe", "feedfacf", "cefaedfe", "feedface", "cafebabe", "cafebabf")}


def is_named() -> bool:
    """Whether there is an identity to sign with."""
    return setting(IDENTITY) is not None


def sign_app(app: Path) -> None:
    """Sign all code in the app, from the inside out: each signature seals what lies within. Raises BundleError."""
    frameworks = (path for path in app.rglob("*.framework") if not path.is_symlink())
    code = [*_mach_o(app), *frameworks]
    for part in sorted(code, key=lambda path: len(path.parts), reverse=True):
        _sign(part)
    _sign(app, "--entitlements", ENTITLEMENTS)
    call("codesign", "--verify", "--deep", "--strict", app)
    print(_words(app))


def sign_image(image: Path) -> None:
    """Sign a disk image; without an identity it stays as it is. Raises BundleError."""
    if is_named():
        _sign(image)
        print(_words(image))


def _sign(path: Path, *options: str | Path) -> None:
    identity = setting(IDENTITY)
    # The hardened runtime refuses libraries without a name on them, so ad hoc goes without; Apple's clock, too.
    how = ("--timestamp", "--options", "runtime") if identity else ("--timestamp=none",)
    call("codesign", "--force", "--sign", identity or _NOBODY, *how, *options, path)


def _mach_o(app: Path) -> Iterator[Path]:
    """Programs and libraries; what the app itself starts is signed with it."""
    for path in app.rglob("*"):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) in _MAGIC:
                    yield path


def _words(path: Path) -> str:
    if identity := setting(IDENTITY):
        return f"Signed: {path.name}, by {identity}."
    return f"Signed by nobody (ad hoc): {path.name}; {IDENTITY} is not set. macOS will refuse it at first."
