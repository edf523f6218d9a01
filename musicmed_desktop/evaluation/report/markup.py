"""A few words of HTML, which are XML as well. Children are markup, `words` makes such from anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from musicmed_desktop.evaluation.report.words import plain_line
from musicmed_desktop.session.svg import Value, element, plain


def words(content: str) -> str:
    """Whatever somebody wrote, as text that cannot be anything else."""
    return plain(plain_line(content))


def tag(name: str, *children: str, kind: str = "", **attributes: Value) -> str:
    """An element with its closing tag; `kind` is its class."""
    classes: dict[str, Value] = {"class": kind} if kind else {}
    return element(name, "", *children, **classes, **attributes)


def paragraph(content: str, kind: str = "") -> str:
    return tag("p", words(content), kind=kind)


def listing(items: Iterable[str]) -> str:
    return tag("ul", *(tag("li", words(item)) for item in items))


def definitions(pairs: Iterable[tuple[str, str]]) -> str:
    """Terms and what they mean."""
    return tag("dl", *(tag("dt", words(term)) + tag("dd", words(meaning)) for term, meaning in pairs))


def table(caption: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose first column names its rows; it scrolls where it is wider than the screen, by keyboard too."""
    heads = tag("tr", *(tag("th", head, scope="col") for head in header))
    lines = (tag("tr", tag("th", first, scope="row"), *(tag("td", cell) for cell in rest)) for first, *rest in rows)
    whole = tag("table", tag("caption", words(caption)), tag("thead", heads), tag("tbody", *lines))
    return tag("div", whole, kind="scroll", tabindex="0", role="region", aria_label=plain_line(caption))
