"""Whom each bundled file belongs to: a distribution, this program, a package of Debian's, Python, or Microsoft."""

from __future__ import annotations

import os
import sys
from collections import ChainMap
from collections.abc import Collection, Iterable
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePath

from bundling.contents import Bundled
from bundling.failure import BundleError
from bundling.licences import known
from bundling.licences.parts import Part, Text, of_distribution, with_libraries
from bundling.licences.system import Owners, of_debian, of_microsoft, of_python, python
from bundling.product import LICENCE, ROOT, TITLE, VERSION

_OWN_FOLDERS = ("musicmed_desktop", "resources", "packaging")


def parts(entries: Iterable[Bundled]) -> set[Part]:
    """The owners of all that is bundled, by the files that it was made from, with Python and PyInstaller's program,
    which every bundle has. Raises BundleError for what belongs to nobody known."""
    made_here = ("base_library.zip", "_sysconfigdata_")  # by PyInstaller and by bundling.scrubbing, out of Python's own
    files = {Path(os.path.realpath(entry.source)) for entry in entries if not entry.destination.startswith(made_here)}
    found = {python(), _distribution("pyinstaller"), _distribution("pyinstaller-hooks-contrib")}
    for owners in (_of_distributions, _of_this_program, of_debian, of_python, of_microsoft):
        owned = owners(files)
        files -= owned.keys()
        found |= set(owned.values())
    if files:
        listed = "\n".join(f"  {path}" for path in sorted(files))
        raise BundleError(
            "These bundled files belong to no distribution and no package, so that nobody can tell their licence. "
            f"Leave them out (bundling/pruning.py), or get them from a package:\n{listed}"
        )
    return {part for part in found if part is not None}


def this_program() -> Part:
    return Part(TITLE, VERSION, LICENCE, texts=(Text("LICENSE", known.text("GPL-3.txt")),))


def _of_distributions(files: Collection[Path]) -> Owners:
    recorded = ChainMap(*(_recorded(place) for place in sys.path))
    owned = {path: recorded[key] for path in files if (key := _compared(path)) in recorded}
    bundled: dict[str, list[PurePath]] = {}
    for path, (name, _) in owned.items():
        bundled.setdefault(name, []).append(path)
    made = {name: _part(found, bundled[name]) for name, found in dict(owned.values()).items()}
    return {path: made[name] for path, (name, _) in owned.items()}


@cache
def _recorded(place: str) -> dict[str, tuple[str, Distribution]]:
    """Every file that a distribution in that folder says is its own, with the distribution and its name."""
    recorded = {}
    for distribution in distributions(path=[place]):
        owner = (distribution.name, distribution)  # the name is read anew whenever it is asked for
        top = os.path.realpath(str(distribution.locate_file("")))
        for file in distribution.files or ():  # tens of thousands, so that they are joined as text
            recorded[_compared(os.path.normpath(f"{top}/{file}"))] = owner
    return recorded


def _compared(path: Path | str) -> str:
    return os.path.normcase(path)


def _part(distribution: Distribution, files: list[PurePath]) -> Part:
    if known.plain(distribution.name) == "musicmed-desktop":
        return this_program()
    return with_libraries(of_distribution(distribution), files)


def _of_this_program(files: Collection[Path]) -> Owners:
    """A checkout that is installed in the way of programmers, so that the distribution names its link alone."""
    own = this_program()
    return {
        path: own
        for path in files
        if path.parts[: len(ROOT.parts) + 1] in {(*ROOT.parts, name) for name in _OWN_FOLDERS}
    }


def _distribution(name: str) -> Part | None:
    found = next(iter(distributions(name=name)), None)
    return of_distribution(found) if found else None
