"""report.html: the whole evaluation on one page that needs nothing else: no script, no network, no other file."""

from __future__ import annotations

from collections.abc import Sequence

from musicmed_desktop.evaluation.report.markup import paragraph, tag
from musicmed_desktop.evaluation.report.sections import (
    answered,
    compared,
    further,
    meanings,
    pictures,
    repeating,
    scores,
)
from musicmed_desktop.evaluation.report.style import POLICY, STYLE
from musicmed_desktop.evaluation.report.tables import main, scored
from musicmed_desktop.evaluation.values import Evaluation
from musicmed_desktop.session.svg import element

TITLE = "How well the music fits its mood"

_HEAD = tag(
    "head",
    element("meta", charset="utf-8"),
    element("meta", http_equiv="Content-Security-Policy", content=POLICY),
    '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
    '<meta name="color-scheme" content="light dark"/>',
    '<meta name="referrer" content="no-referrer"/>',
    tag("title", f"{TITLE}: an evaluation"),
    tag("style", STYLE),
)


def report_html(evaluation: Evaluation, scatters: Sequence[str], matrices: Sequence[str], comparison: str) -> str:
    """The page, which is XML as well; the pictures are SVG whose ids are different ones."""
    page = tag("html", _HEAD, _body(evaluation, scatters, matrices, comparison), lang="en")
    return f"<!DOCTYPE html>\n{page}\n"


def _body(evaluation: Evaluation, scatters: Sequence[str], matrices: Sequence[str], comparison: str) -> str:
    sections = (
        tag("h1", TITLE) + answered(evaluation),
        tag("h2", "The scores") + scores(evaluation, main(scored(evaluation)), "Main scores of each condition"),
        tag("h2", "Comparison") + compared(evaluation, comparison),
        tag("h2", "Where the music lies")
        + paragraph("Each ring is a mood that was asked for. From it a line leads to where its music was measured.")
        + pictures(scatters),
        tag("h2", "The quarters of the circle")
        + paragraph("How often music that was asked for in one quarter was measured there, or in another.")
        + pictures(matrices),
        further(evaluation),
        tag("h2", "What the measures mean") + meanings(evaluation),
        tag("h2", "How it was made") + repeating(evaluation),
    )
    return tag("body", tag("main", *(tag("section", section) for section in sections if section)))
