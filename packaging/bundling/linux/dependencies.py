"""Which packages of the system the bundle needs, found by Debian's own tool."""

from __future__ import annotations

import re
from pathlib import Path

from bundling.failure import BundleError
from bundling.linux.tools import call

# What no library names, as it is read or loaded at run time.
DATA = (
    "debconf (>= 0.5) | debconf-2.0",  # the question of postrm
    "fontconfig-config",  # /etc/fonts, and with it a font; a bundled libfontconfig has neither
    "xkb-data",  # keyboards, for a bundled libxkbcommon
    "libegl1",  # Qt looks for a display with it
    "libgl1",
)
RECOMMENDED = (
    "libasound2-plugins",  # leads sound to PulseAudio and PipeWire
    "xdg-utils",  # opens links and folders
    "ca-certificates",  # for the download of a model, where somebody wants one
)

_ELF = b"\x7fELF"
_CONTROL = "Source: {0}\n\nPackage: {0}\nArchitecture: any\n"
_UNFOUND = re.compile(r"cannot find library (\S+) needed by (\S+)")


def needed(root: Path, bundle: Path) -> tuple[str, ...]:
    """The packages with their least versions for the programs and libraries in `bundle`, which lies in the package's
    tree `root`; as the field Depends has them.

    dpkg-shlibdeps takes a library from the bundle where it is there, else from the package of this machine that has it.
    Raises BundleError where a library is in neither.
    """
    source = root.parents[1]  # dpkg-shlibdeps wants SOURCE/debian/PACKAGE
    (source / "debian" / "control").write_text(_CONTROL.format(root.name), encoding="utf-8")
    (root / "DEBIAN").mkdir(exist_ok=True)
    private = f"-l/{bundle.relative_to(root) / '_internal'}"
    options = ("-O", "--ignore-missing-info", "--warnings=0", f"-S{root}", private)
    programs = [f"-e{path}" for path in sorted(bundle.rglob("*")) if is_elf(path)]
    try:
        printed = call("dpkg-shlibdeps", *options, *programs, cwd=source, package="dpkg-dev")
    except BundleError as error:
        raise _told(str(error)) from None
    found = printed.strip().removeprefix("shlibs:Depends=").split(", ")
    _require_no_ceiling(found)
    return tuple(sorted({*found, *DATA}))


def is_elf(path: Path) -> bool:
    """Whether it is a program or a library of Linux itself, no link to one."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_ELF)) == _ELF


def _require_no_ceiling(found: list[str]) -> None:
    """A piece of the C library, such as libmvec, works with the rest of the very same one alone."""
    if ceilings := [package for package in found if "(<<" in package or "(=" in package]:
        raise BundleError(
            f"The bundle would work with {' and '.join(ceilings)} alone. Leave the libraries out that ask for that."
        )


def _told(complaint: str) -> BundleError:
    """The hundred lines of dpkg-shlibdeps in a few."""
    users: dict[str, set[str]] = {}
    for library, user in _UNFOUND.findall(complaint):
        users.setdefault(library, set()).add(Path(user).name)
    if not users:
        return BundleError(complaint)
    lines = [f"  {library}, for {', '.join(sorted(names)[:4])}" for library, names in sorted(users.items())]
    return BundleError(
        "The bundle needs libraries that are neither in it nor on this machine. "
        "Install their packages, or leave out what needs them:\n" + "\n".join(lines)
    )
