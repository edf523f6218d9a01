"""The notices as one text to read: a table, then each part with its licence, then every text once."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from bundling.licences.parts import Part, Text
from bundling.product import TITLE, VERSION

_WIDTH = 100
_HEAD = f"""\
{TITLE} {VERSION}: licences

{TITLE} is free software under the GNU General Public License, version 3 or later.
It comes with the software and the data named here, which belong to their makers. First there is
a table, then each part with what it holds, then the texts of the licences and notices, each once.
"""


def render(parts: Iterable[Part]) -> str:
    """The notices of these parts, in the order of their names."""
    ordered = sorted(parts, key=lambda part: part.name.lower())
    numbers: dict[str, int] = {}
    texts: list[str] = []
    for owner, text in ((part, text) for part in ordered for text in part.texts):
        if _same(text) not in numbers:
            numbers[_same(text)] = len(numbers) + 1
            texts.append(f"{_title(f'[{len(numbers)}] {text.name} of {owner.name}')}\n{_tidy(text.words)}\n")
    return "\n".join([_HEAD, _table(ordered), *(_section(part, numbers) for part in ordered), *texts])


def _table(parts: list[Part]) -> str:
    rows = [(f"{part.name} {part.version}".strip(), part.licence) for part in parts]
    width = max(len(name) for name, _ in rows)
    return "\n".join([_title("Table"), *(f"{name:<{width}}  {licence}".rstrip() for name, licence in rows), ""])


def _section(part: Part, numbers: dict[str, int]) -> str:
    lines = [_title(f"{part.name} {part.version}".strip())]
    if part.licence:
        lines.append(f"Licence: {part.licence}")
    if part.home:
        lines.append(f"Home: {part.home}")
    lines += textwrap.wrap(part.words, _WIDTH)
    lines += textwrap.wrap(part.accepted, _WIDTH)
    if part.texts:
        listed = ", ".join(f"{text.name} [{numbers[_same(text)]}]" for text in part.texts)
        lines += textwrap.wrap(f"Texts: {listed}", _WIDTH, break_long_words=False, break_on_hyphens=False)
    if part.holds:
        lines += ["Made with, or holding:", *(f"  {_held(held)}" for held in part.holds)]
    return "\n".join([*lines, ""])


def _held(part: Part) -> str:
    told = [f"{part.name} {part.version}".strip(), part.licence or "licence not stated", part.words, part.home]
    return "; ".join(filter(None, told))


def _title(words: str) -> str:
    return f"{'=' * _WIDTH}\n{words}\n{'=' * _WIDTH}"


def _same(text: Text) -> str:
    """Equal for texts that differ in their line breaks and blanks alone."""
    return " ".join(text.words.split())


def _tidy(words: str) -> str:
    """Without blanks at the ends of lines, and without more than two empty lines in a row."""
    lines = "\n".join(line.rstrip() for line in words.replace("\f", "\n").splitlines())
    return re.sub(r"\n{4,}", "\n\n\n", lines).strip("\n")
