"""What is known beyond the metadata of distributions: known.toml, and the folder texts."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from bundling.product import ROOT

_HERE = Path(__file__).parent
# Licences whose text is the same for all that is under them; those of the MIT and BSD kinds name who has the copyright.
_SAME_FOR_ALL = {
    "Apache-2.0": "Apache-2.0.txt",
    "GPL-2.0-or-later": "GPL-2.txt",
    "GPL-3.0-only": "GPL-3.txt",
    "GPL-3.0-or-later": "GPL-3.txt",
    "LGPL-2.1-or-later": "LGPL-2.1.txt",
}


@cache
def fitting() -> frozenset[str]:
    """The licences that a program under the GPL, version 3, may hold things under."""
    return frozenset(_table()["fitting"])


def distribution(name: str) -> dict[str, Any]:
    """licence, texts, words and accepted of the distribution, as far as they have to be said."""
    return dict(_table()["distributions"].get(plain(name), {}))


def inside() -> list[dict[str, Any]]:
    """The things inside of other things that are named on their own."""
    return list(_table()["inside"])


def library(stem: str) -> dict[str, str] | None:
    """name, licence and home of the project whose library it is, by the start of its file's name."""
    found = (entry for entry in _table()["libraries"] if stem in entry["files"])
    return next(found, None)


def accepted(name: str) -> str:
    """Why the part of that name may be bundled though its licence is not in the list; empty if nothing is said."""
    return str(_table()["accepted"].get(name, ""))


def text(name: str) -> str:
    """The text of that file's name; the GPL's version 3 is this program's own licence."""
    path = ROOT / "LICENSE" if name == "GPL-3.txt" else _HERE / "texts" / name
    return path.read_text(encoding="utf-8")


def text_of(licence: str) -> str | None:
    """The name of the text of a licence that reads the same whoever uses it."""
    return _SAME_FOR_ALL.get(licence)


def plain(name: str) -> str:
    """A distribution's name as it is compared: https://packaging.python.org/en/latest/specifications/name-normalization/"""
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((_HERE / "known.toml").read_text(encoding="utf-8"))
