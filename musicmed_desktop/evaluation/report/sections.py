"""The parts of the page, from the answer to how it was found."""

from __future__ import annotations

from collections.abc import Sequence

from musicmed_desktop.evaluation.report.headline import answer
from musicmed_desktop.evaluation.report.limits import limits
from musicmed_desktop.evaluation.report.markup import definitions, listing, paragraph, table, tag, words
from musicmed_desktop.evaluation.report.tables import (
    Cell,
    Difference,
    column,
    differences,
    heading,
    in_groups,
    key,
    main,
    others,
    paired,
    scored,
)
from musicmed_desktop.evaluation.report.words import label
from musicmed_desktop.evaluation.values import Evaluation, Metric

ACROSS = 8  # metrics; of a wider table paper would show only a part


def answered(evaluation: Evaluation) -> str:
    return tag("div", *map(paragraph, answer(evaluation)), kind="answer")


def scores(evaluation: Evaluation, metrics: Sequence[Metric], caption: str) -> str:
    """Conditions as rows, metrics as columns."""
    names, clips = (
        [words(label(row.condition)) for row in evaluation.rows],
        [f"{row.clips:,}" for row in evaluation.rows],
    )
    tables = []
    for those in in_groups(metrics, ACROSS):
        columns = [[_cell(cell) for cell in column(evaluation, metric)] for metric in those]
        rows = zip(names, clips, *columns, strict=True)
        tables.append(table(caption, ["Condition", "Clips", *map(_head, those)], rows))
    return "".join(tables) + paragraph(key(evaluation) if tables else "There are no scores.", "note")


def changes(evaluation: Evaluation, metrics: Sequence[Metric]) -> str:
    """A table for each adapter."""
    tables = [
        table(
            f"{label(comparison.tuned)} minus {label(comparison.base)}, over {paired(comparison, found)}",
            ["Measure", "Difference", "95 % interval", "Reading"],
            map(_change, found),
        )
        for comparison in evaluation.comparisons
        if (found := differences(evaluation, comparison, metrics))
    ]
    return tag("div", *tables, kind="tables") if tables else ""


def compared(evaluation: Evaluation, picture: str) -> str:
    """What the adapters changed, or how the conditions compare where there are none."""
    tables = changes(evaluation, main(scored(evaluation)))
    note = (
        "Each clip is compared with the clip of the same words and the same seed without adapter. A difference is more "
        "than chance where its interval leaves out 0."
        if tables
        else "There is no condition with an adapter beside the same without one, so that nothing is paired."
    )
    return paragraph(note) + tag("figure", picture, kind="wide") + tables


def pictures(drawn: Sequence[str]) -> str:
    return tag("div", *(tag("figure", picture) for picture in drawn), kind="pictures")


def further(evaluation: Evaluation) -> str:
    """The measures that are not among the main ones."""
    metrics = others(scored(evaluation))
    if not metrics:
        return ""
    found = scores(evaluation, metrics, "Further scores of each condition") + changes(evaluation, metrics)
    return tag("h2", "Further measures") + found


def meanings(evaluation: Evaluation) -> str:
    metrics = scored(evaluation)
    return (
        definitions((metric.name, metric.about) for metric in metrics)
        + tag("h3", "What they cannot say")
        + listing(limits(metrics))
    )


def repeating(evaluation: Evaluation) -> str:
    """How to come to the same figures."""
    made = any(each.condition.choice for each in evaluation.results)
    steps = [
        "The file results.json beside this page holds every clip: its words, its seed, where it should lie and where "
        "it was measured. The tables are in table.csv and table.md, the pictures in files of their own.",
        "With the same models, adapters and sounds, and the same setting as above, musicmed evaluate comes to the same "
        "figures. In the same folder it goes on where it was, and hears again only what is missing.",
    ]
    if made:
        steps.append(
            "Music of a model is the same for the same seed only on the same kind of processor; on another one each "
            "clip differs, and the means differ within their intervals."
        )
    return definitions(evaluation.setting.items()) + tag("h3", "To repeat it") + listing(steps)


def _head(metric: Metric) -> str:
    """Its arrow stays beside the last word."""
    name, _, arrow = heading(metric).rpartition(" ")
    return f"{words(name)}\N{NO-BREAK SPACE}{arrow}"


def _cell(cell: Cell) -> str:
    value = tag("strong", cell.value) if cell.best else cell.value
    return value + (tag("span", cell.interval, kind="interval") if cell.interval else "")


def _change(one: Difference) -> list[str]:
    sure = one.verdict in ("better", "worse")
    reading = tag("span", one.verdict, kind=one.verdict) if sure else one.verdict
    return [_head(one.metric), one.value, one.interval, reading]
