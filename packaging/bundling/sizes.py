"""How large a bundle is, part by part, and whether it keeps to its budget (budget.toml)."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distributions, packages_distributions
from pathlib import Path, PurePath
from typing import Any

from bundling.failure import BundleError
from bundling.product import Flavour

BUDGET = Path(__file__).with_name("budget.toml")
MB = 1_000_000  # bytes

_LISTED = 10
_INSIDE = (("_internal",), ("Contents", "Frameworks"), ("Contents", "Resources"))  # where PyInstaller puts the parts
_LIBRARY_SUFFIXES = {".so", ".dll", ".dylib"}

PYTHON = "Python"
PROGRAM = "the program, with all modules written in Python"
LIBRARIES = "libraries from outside of Python"
OTHERS = "other files"


@dataclass(frozen=True)
class Part:
    """What a person would call one thing: a distribution of Python with the libraries that came along, or Python."""

    name: str
    size: int  # bytes


def parts(root: Path) -> list[Part]:
    """The parts of the unpacked bundle in `root`, the largest first. A file counts once, and links count nothing."""
    sizes: Counter[str] = Counter()
    for path, size in _files(root):
        sizes[_part(path)] += size
    return [Part(name, size) for name, size in sizes.most_common()]


def report(root: Path, flavour: Flavour) -> str:
    """The ten largest parts and the sum, as text; raises BundleError with it where the sum is over the budget."""
    found = parts(root)
    total, budget = sum(part.size for part in found), _budget(flavour)["size_mb"]
    lines = [
        f"The {flavour.name} edition takes {total / MB:.0f} MB unpacked; {budget} MB are allowed. Its largest parts:"
    ]
    lines += [f"{part.size / MB:9.1f} MB  {part.name}" for part in found[:_LISTED]]
    if total > budget * MB:
        raise BundleError("\n".join([*lines, f"Leave something out, or raise {flavour.name}'s size_mb in {BUDGET}."]))
    return "\n".join(lines)


def window_limit_s(flavour: Flavour) -> float | None:
    """How long the window may take to appear, in seconds; None where that is not limited."""
    limit = _budget(flavour).get("window_s")
    return None if limit is None else float(limit)


def _budget(flavour: Flavour) -> dict[str, Any]:
    budget: dict[str, Any] = tomllib.loads(BUDGET.read_text(encoding="utf-8"))[flavour.name]
    return budget


def _files(root: Path) -> Iterator[tuple[PurePath, int]]:
    seen: set[tuple[int, int]] = set()
    for path in sorted(root.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        status = path.stat()
        if (status.st_dev, status.st_ino) not in seen:
            seen.add((status.st_dev, status.st_ino))
            yield path.relative_to(root), status.st_size


def _part(path: PurePath) -> str:
    inner = next((path.parts[len(start) :] for start in _INSIDE if path.parts[: len(start)] == start), None)
    if inner is None:
        return PROGRAM if path.suffix in ("", ".exe") else OTHERS
    top = inner[0]
    if top.lower().startswith(("python", "libpython", "base_library", "lib-dynload")):
        return PYTHON
    name = top.split("-")[0] if top.endswith(".dist-info") else top.removesuffix(".libs").split(".")[0]
    if owner := _owners().get(name) or _owners().get(_plain(name)):
        return owner
    if len(inner) == 1:
        return LIBRARIES if _LIBRARY_SUFFIXES & set(PurePath(top).suffixes) else OTHERS
    return name


@cache
def _owners() -> dict[str, str]:
    """Names of distributions, by these names in plain and by the names of the modules that they consist of."""
    owners = {_plain(each.name): each.name for each in distributions()}
    return owners | {package: names[0] for package, names in packages_distributions().items()}


def _plain(name: str) -> str:
    return name.lower().replace("-", "_")
