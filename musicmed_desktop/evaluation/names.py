"""Names of files and folders that every system takes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from musicmed_desktop.engines.models.names import RESERVED

# What the report's files are called, those aside that have a condition's name in theirs.
REPORT_FILES = ("report.html", "results.json", "table.md", "table.csv", "comparison.svg")

_OTHERS = re.compile(r"[^A-Za-z0-9._+-]+")
_LONGEST = 80  # letters


def file_names(wanted: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """A name for each that is wanted, as like it as may be; none twice nor `taken`, whatever its case."""
    used = {name.lower() for name in taken}
    names = []
    for each in wanted:
        plain = _OTHERS.sub("-", each).strip("-.")[:_LONGEST].rstrip("-.") or "unnamed"
        plain = f"_{plain}" if RESERVED.fullmatch(plain) else plain
        name, number = plain, 1
        while name.lower() in used:
            number += 1
            name = f"{plain}-{number}"
        used.add(name.lower())
        names.append(name)
    return names
