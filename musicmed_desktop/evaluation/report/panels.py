"""The bars of the comparison: one panel for each metric, in which what lies to the right is better."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from musicmed_desktop.evaluation.report.colours import BETTER, OPEN, WORSE
from musicmed_desktop.evaluation.report.tables import Cell, Difference, Verdict, column, differences
from musicmed_desktop.evaluation.report.words import label
from musicmed_desktop.evaluation.values import Estimate, Evaluation, Metric

FROM, TO = 312.0, 588.0  # across the picture
COLOURS: dict[Verdict, str] = {
    "better": BETTER,
    "worse": WORSE,
    "may be chance": OPEN,
    "no difference": OPEN,
    "no interval": OPEN,
}


@dataclass(frozen=True)
class Bar:
    """A point with its interval. `sure` ones say something by themselves, `verdict` says it in words."""

    name: str
    estimate: Estimate
    figures: str
    colour: str
    sure: bool = True
    verdict: str = ""


@dataclass(frozen=True)
class Panel:
    """The bars of one metric, which share a scale; that of differences is centred on zero."""

    metric: Metric
    bars: tuple[Bar, ...]
    centred: bool

    def place(self, value: float) -> float:
        """Where a value lies across the picture."""
        low, high = self._range()
        share = (value - low) / (high - low)
        return FROM + (TO - FROM) * (share if self.metric.better == "higher" else 1 - share)

    def _range(self) -> tuple[float, float]:
        ones = [bar.estimate for bar in self.bars]
        values = [value for one in ones for value in (one.value, one.low, one.high) if math.isfinite(value)]
        if self.centred:
            reach = 1.08 * max(map(abs, values)) or 1.0
            return -reach, reach
        margin = 0.08 * (max(values) - min(values)) or 1.0
        return min(values) - margin, max(values) + margin


def panels_of_pairs(evaluation: Evaluation, metrics: Sequence[Metric]) -> list[Panel]:
    """What each adapter changed; empty where nothing was paired."""
    bars = [
        (one.metric, _bar(comparison.tuned, one))
        for comparison in evaluation.comparisons
        for one in differences(evaluation, comparison, metrics)
    ]
    return _panels(metrics, bars, centred=True)


def panels_of_conditions(evaluation: Evaluation, metrics: Sequence[Metric]) -> list[Panel]:
    """The score of each condition."""
    bars = [
        (metric, Bar(label(row.condition), row.scores[metric.key], _figures(cell), BETTER))
        for metric in metrics
        for row, cell in zip(evaluation.rows, column(evaluation, metric), strict=True)
        if cell.known
    ]
    return _panels(metrics, bars, centred=False)


def _bar(name: str, one: Difference) -> Bar:
    sure = one.verdict in ("better", "worse")
    return Bar(label(name), one.estimate, _figures(one), COLOURS[one.verdict], sure, one.verdict)


def _figures(one: Cell | Difference) -> str:
    return f"{one.value} {one.interval}".rstrip()


def _panels(metrics: Sequence[Metric], bars: Sequence[tuple[Metric, Bar]], centred: bool) -> list[Panel]:
    grouped = [(metric, tuple(bar for of, bar in bars if of == metric)) for metric in metrics]
    return [Panel(metric, those, centred) for metric, those in grouped if those]
