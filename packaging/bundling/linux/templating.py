"""The text files of templates/, with their blanks filled."""

from __future__ import annotations

from pathlib import Path
from string import Template

_FOLDER = Path(__file__).parent / "templates"


def filled(name: str, **values: str) -> str:
    """The template with every $word replaced. Raises KeyError where a value is missing."""
    return Template(verbatim(name)).substitute(values)


def verbatim(name: str) -> str:
    """The template as it stands, as for shell scripts, which have a use of their own for $."""
    return (_FOLDER / name).read_text(encoding="utf-8")
