"""table.md: the tables as in the paper (arXiv 2411.09080), to be rendered or to be read as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from musicmed_desktop.evaluation.report.headline import answer
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
from musicmed_desktop.evaluation.report.words import label, plain_line
from musicmed_desktop.evaluation.values import Evaluation, Metric

_ACROSS = 5  # metrics; a wider table could not be read as plain text
# What Markdown takes for more than a letter (CommonMark 0.31, 2.4; | and ~ are GitHub's); _ only at the edge of a word.
_SPECIAL = re.compile(r"[\\`*<>\[\]|~&$]|(?<!\w)_|_(?!\w)")


def table_md(evaluation: Evaluation) -> str:
    """The whole file."""
    return "\n".join(_lines(evaluation))


def _lines(evaluation: Evaluation) -> Iterator[str]:
    metrics = scored(evaluation)
    yield "# Evaluation\n"
    yield _escaped(" ".join(answer(evaluation))) + "\n"
    for title, those in (("Main measures", main(metrics)), ("Further measures", others(metrics))):
        if those:
            yield f"## {title}\n"
            yield from _scores(evaluation, those)
            yield f"{key(evaluation)}\n"
            yield from _changes(evaluation, those)
    yield "## What the measures mean\n"
    yield from (f"- **{_escaped(metric.name)}**: {_escaped(metric.about)}" for metric in metrics)
    yield "\n## Setting\n"
    yield from (f"- **{_escaped(name)}**: {_escaped(value)}" for name, value in evaluation.setting.items())
    yield ""


def _scores(evaluation: Evaluation, metrics: Sequence[Metric]) -> Iterator[str]:
    """Conditions as rows, metrics as columns; in as many tables as are needed, of like width."""
    for those in in_groups(metrics, _ACROSS):
        columns = [[_cell(cell) for cell in column(evaluation, metric)] for metric in those]
        names = [_escaped(label(row.condition)) for row in evaluation.rows]
        yield from _table(
            ["Condition", *(_escaped(heading(metric)) for metric in those)], zip(names, *columns, strict=True)
        )


def _changes(evaluation: Evaluation, metrics: Sequence[Metric]) -> Iterator[str]:
    """What each adapter changed."""
    for comparison in evaluation.comparisons:
        found = differences(evaluation, comparison, metrics)
        if found:
            tuned, base = _escaped(label(comparison.tuned)), _escaped(label(comparison.base))
            yield f"**{tuned}** minus **{base}**, over {paired(comparison, found)}:\n"
            yield from _table(["Measure", "Difference", "95 % interval", "Reading"], map(_change, found))


def _change(one: Difference) -> list[str]:
    sure = one.verdict in ("better", "worse")
    return [_escaped(heading(one.metric)), one.value, one.interval, f"**{one.verdict}**" if sure else one.verdict]


def _cell(cell: Cell) -> str:
    return f"{f'**{cell.value}**' if cell.best else cell.value} {cell.interval}".rstrip()


def _escaped(content: str) -> str:
    return _SPECIAL.sub(lambda found: f"\\{found.group()}", plain_line(content))


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table whose columns are aligned, and an empty line."""
    lines = [list(header), *map(list, rows)]
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    for line in lines:
        yield "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
    yield ""
