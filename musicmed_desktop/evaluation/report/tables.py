"""The outcome in words, the same for every format: the scores of each condition, and what an adapter changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from musicmed_desktop.evaluation.report.words import MISSING, bounded, counted, decimals, fixed, interval, known
from musicmed_desktop.evaluation.values import Comparison, Estimate, Evaluation, Metric, Row

# By the keys of scores.METRICS.
MAIN = ("clap", "circumplex_error", "valence_r", "arousal_r", "quadrant_f1", "tags_recall", "fad", "advance")
WALKS = ("advance", "walk_miss", "join_jump", "clicks")  # of sessions, the others are of clips

FEW = 20  # clips or sessions; from fewer, intervals of a bootstrap are too narrow (Hesterberg 2015)

Verdict = Literal["better", "worse", "may be chance", "no difference", "no interval"]


@dataclass(frozen=True)
class Cell:
    """A score; `interval` is empty where there is none, `best` only where it was compared."""

    value: str = MISSING
    interval: str = ""
    best: bool = False

    @property
    def known(self) -> bool:
        return self.value != MISSING


@dataclass(frozen=True)
class Difference:
    """What an adapter changed in one metric, tuned minus base."""

    metric: Metric
    estimate: Estimate
    value: str
    interval: str
    verdict: Verdict


def scored(evaluation: Evaluation) -> tuple[Metric, ...]:
    """The metrics for which some condition has a score."""
    found = [row.scores for row in evaluation.rows]
    return tuple(metric for metric in evaluation.metrics if any(known(scores.get(metric.key)) for scores in found))


def main(metrics: Iterable[Metric]) -> tuple[Metric, ...]:
    """Those that are looked at first, in the order of MAIN."""
    by_key = {metric.key: metric for metric in metrics}
    return tuple(by_key[key] for key in MAIN if key in by_key)


def others(metrics: Iterable[Metric]) -> tuple[Metric, ...]:
    return tuple(metric for metric in metrics if metric.key not in MAIN)


def in_groups(metrics: Sequence[Metric], most: int) -> list[Sequence[Metric]]:
    """For tables of like width, with at most so many columns."""
    count = -(-len(metrics) // most)
    return [metrics[len(metrics) * n // count : len(metrics) * (n + 1) // count] for n in range(count)]


def amount_of(row: Row, metric: Metric) -> int:
    """How many clips a score rests on, or sessions where it is of sessions."""
    return row.walks if metric.key in WALKS else row.clips


def column(evaluation: Evaluation, metric: Metric) -> list[Cell]:
    """The cells of one metric, by row.

    Those are best that are written like the best, unless all are, or one rests on few.
    """
    estimates = [row.scores.get(metric.key) for row in evaluation.rows]
    there = [estimate for estimate in estimates if estimate is not None and known(estimate)]
    digits = decimals(there)
    written = [fixed(estimate.value, digits) for estimate in there]
    best = (max if metric.better == "higher" else min)(written, key=float, default="")
    told = len({*written}) > 1 and min(amount_of(row, metric) for row in evaluation.rows) >= FEW
    return [
        Cell(fixed(one.value, digits), interval(one, digits), told and fixed(one.value, digits) == best)
        if one is not None and known(one)
        else Cell()
        for one in estimates
    ]


def verdict(metric: Metric, difference: Estimate) -> Verdict:
    """What a difference says; it is more than chance where its 95 % interval leaves out zero."""
    if not bounded(difference):
        return "no interval" if difference.value else "no difference"
    if difference.low <= 0 <= difference.high:
        return "may be chance"
    return "better" if (difference.low > 0) == (metric.better == "higher") else "worse"


def differences(evaluation: Evaluation, comparison: Comparison, metrics: Sequence[Metric]) -> list[Difference]:
    """Those of one comparison that are known, with as many digits as those of the others."""
    return [
        _difference(metric, comparison.differences[metric.key], _digits(evaluation, metric))
        for metric in metrics
        if known(comparison.differences.get(metric.key))
    ]


def _digits(evaluation: Evaluation, metric: Metric) -> int:
    found = (comparison.differences.get(metric.key) for comparison in evaluation.comparisons)
    return decimals(estimate for estimate in found if estimate is not None)


def _difference(metric: Metric, estimate: Estimate, digits: int) -> Difference:
    value, bounds = fixed(estimate.value, digits, "+"), interval(estimate, digits, "+")
    return Difference(metric, estimate, value, bounds, verdict(metric, estimate))


def paired(comparison: Comparison, found: Iterable[Difference]) -> str:
    """What those differences rest on."""
    sessions = ", and all sessions that both have" if any(one.metric.key in WALKS for one in found) else ""
    return counted(comparison.pairs, "pair") + f" of clips{sessions}"


def key(evaluation: Evaluation) -> str:
    """How a table of scores is to be read."""
    best = f"The best of each column is in bold, where all rest on {FEW} or more. " if len(evaluation.rows) > 1 else ""
    return f"{best}↑: higher is better, ↓: lower is better. In brackets: 95 % confidence intervals."


def heading(metric: Metric) -> str:
    """A metric's name over its column: with its unit, and an arrow to where it is better."""
    unit = f" ({metric.unit})" if metric.unit else ""
    return f"{metric.name}{unit} {'↑' if metric.better == 'higher' else '↓'}"
