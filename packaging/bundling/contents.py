"""What lies in a bundle and which file of the build machine each thing was made from; the spec file writes it down."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Bundled:
    """One thing in the bundle.

    `destination`: its path in the bundle's folder of content, or the dotted name of a module in the archive of modules.
    `source`: the file that it was made from, on the build machine.
    `kind`: PyInstaller's word for it: BINARY, EXTENSION, DATA, PYMODULE ...
    """

    destination: str
    source: Path
    kind: str


def write(path: Path, entries: Iterable[tuple[str, str, str]]) -> None:
    """Write down PyInstaller's entries: destination, source, kind. Those without a file of their own are left out:
    symbolic links within the bundle, and packages that are mere folders."""
    kept = [entry for entry in entries if entry[2] != "SYMLINK" and entry[1] not in ("", "-", None)]
    rows = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in sorted(kept))
    path.write_text(f"[\n{rows}\n]\n", encoding="utf-8")


def read(path: Path) -> list[Bundled]:
    """What `write` wrote."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [Bundled(destination, Path(source), kind) for destination, source, kind in rows]
