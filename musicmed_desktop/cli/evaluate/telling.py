"""The outcome in the terminal: the table, and where the report is."""

from __future__ import annotations

import math
from collections.abc import Mapping

import click

from musicmed_desktop.cli.table import print_json, print_table
from musicmed_desktop.evaluation.events import Scored
from musicmed_desktop.evaluation.report.tables import column, differences, paired, scored
from musicmed_desktop.evaluation.values import Estimate, Evaluation


def tell(end: Scored, as_json: bool) -> None:
    """Print the scores of each condition, and what each adapter changed."""
    if as_json:
        print_json(_document(end))
        return
    _print_scores(end.evaluation)
    _print_differences(end.evaluation)
    click.echo(f"\nWith 95 % confidence intervals. The report: {end.report}")


def _print_scores(evaluation: Evaluation) -> None:
    rows = []
    for metric in scored(evaluation):
        cells = (f"{cell.value} {cell.interval}".rstrip() for cell in column(evaluation, metric))
        rows.append((metric.name, *cells, f"{metric.better} is better"))
    click.echo()
    print_table(("", *(row.condition for row in evaluation.rows), ""), rows)


def _print_differences(evaluation: Evaluation) -> None:
    for comparison in evaluation.comparisons:
        changed = differences(evaluation, comparison, scored(evaluation))
        click.echo(f"\n{comparison.tuned} against {comparison.base}, {paired(comparison, changed)}:")
        rows = ((each.metric.name, f"{each.value} {each.interval}".rstrip(), each.verdict) for each in changed)
        print_table(("", "difference", ""), rows)


def _document(end: Scored) -> dict[str, object]:
    evaluation = end.evaluation
    return {
        "setting": dict(evaluation.setting),
        "conditions": [
            {"name": row.condition, "clips": row.clips, "walks": row.walks, "scores": _numbers(row.scores)}
            for row in evaluation.rows
        ],
        "comparisons": [
            {"base": each.base, "tuned": each.tuned, "pairs": each.pairs, "differences": _numbers(each.differences)}
            for each in evaluation.comparisons
        ],
        "report": str(end.report.absolute()),
    }


def _numbers(estimates: Mapping[str, Estimate]) -> dict[str, dict[str, float | None]]:
    """JSON has no NaN: what is not known is null."""
    return {
        key: {name: value if math.isfinite(value) else None for name, value in vars(estimate).items()}
        for key, estimate in estimates.items()
    }
