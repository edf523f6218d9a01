"""Bundled files that no distribution brought along: Python's own, those of Debian's packages, and Microsoft's."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

from bundling.failure import BundleError
from bundling.licences import known
from bundling.licences.parts import Part, Text, standard

Owners = dict[Path, Part]

_DEBIAN_TEXTS = re.compile(r"/usr/share/common-licenses/([\w.-]*\w)")
_MICROSOFT = re.compile(r"(msvcp|vcruntime|concrt|vcomp|vccorlib|ucrtbase|api-ms-win).*\.dll", re.IGNORECASE)
_MICROSOFT_PAGE = "https://learn.microsoft.com/cpp/windows/determining-which-dlls-to-redistribute"


def python() -> Part:
    """The Python that is bundled; its licence lies with its standard library, on Windows at the top of its folder."""
    places = (Path(os.__file__).parent, Path(sys.base_prefix))
    text = next((place / "LICENSE.txt" for place in places if (place / "LICENSE.txt").is_file()), None)
    own = Text("LICENSE.txt", text.read_text(encoding="utf-8")) if text else Text("license()", str(license))
    return Part(
        "Python",
        platform.python_version(),
        "PSF-2.0",
        "https://www.python.org/",
        texts=(own, *standard(["python.txt"])),
    )


def of_debian(files: Collection[Path]) -> Owners:
    if not files or shutil.which("dpkg-query") is None:
        return {}
    spelled = {name: path for path in files for name in _merged(path)}
    found = _ran("dpkg-query", "--search", *spelled)
    owners: dict[Path, str] = {}
    for line in found.splitlines():
        packages, _, name = line.partition(": ")
        if name in spelled:
            owners[spelled[name]] = packages.split(", ")[0]
    made = {package: _debian_part(package) for package in set(owners.values())}
    return {path: made[package] for path, package in owners.items()}


def _merged(path: Path) -> tuple[str, str]:
    """Both names of a file of the system: packages may still say /lib for what is in /usr/lib (Debian's usrmerge)."""
    return str(path), str(path).removeprefix("/usr")


def _debian_part(package: str) -> Part:
    """Most copyright files are in the form of https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/."""
    version, home = _ran("dpkg-query", "--show", "--showformat=${Version}\n${Homepage}", package).split("\n")[:2]
    name = package.partition(":")[0]
    file = Path("/usr/share/doc", name, "copyright")
    if not file.is_file():
        raise BundleError(f"The package {name} has no {file}. Install it anew: apt-get install --reinstall {name}")
    words = file.read_text(encoding="utf-8", errors="replace")
    common = {found: Path("/usr/share/common-licenses", found) for found in _DEBIAN_TEXTS.findall(words)}
    texts = [Text(found, path.read_text(encoding="utf-8")) for found, path in sorted(common.items()) if path.is_file()]
    whole = next((each for each in words.split("\n\n") if re.match(r"Files:\s*\*\s", each)), "")
    licence = re.search(r"^License:[ \t]*(\S.*)", whole, re.MULTILINE)
    stated = licence[1] if licence else "see its text"
    return Part(
        name, version, stated, home, texts=(Text("copyright", words), *texts), accepted=known.accepted("Debian")
    )


def of_python(files: Collection[Path]) -> Owners:
    """What lies in Python's folder; where Python shares it with others, in its own part of it."""
    base, library, own = Path(sys.base_prefix).resolve(), Path(os.__file__).resolve().parent, python()
    shared = str(base) in ("/usr", "/usr/local")
    mine = (path for path in files if path.is_relative_to(base))
    return {
        path: own for path in mine if not shared or path.is_relative_to(library) or path.name.startswith("libpython")
    }


def of_microsoft(files: Collection[Path]) -> Owners:
    windows = Path(os.environ.get("SYSTEMROOT", "C:/Windows")).resolve()
    name = "Microsoft Visual C++ runtime"
    own = Part(name, home=_MICROSOFT_PAGE, accepted=known.accepted(name))
    return {path: own for path in files if path.is_relative_to(windows) and _MICROSOFT.fullmatch(path.name)}


def _ran(*command: str) -> str:
    """What the command prints, in the C locale; dpkg-query fails where it does not know all that it is asked about."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False).stdout
