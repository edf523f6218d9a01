"""The answer in plain sentences, made from the figures; no surer than they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from musicmed_desktop.evaluation.report.tables import FEW, WALKS, Verdict, differences, main, scored, verdict
from musicmed_desktop.evaluation.report.words import bounded, counted, decimals, fixed, known, label
from musicmed_desktop.evaluation.values import Comparison, Estimate, Evaluation, Metric, Row

NEARNESS = "circumplex_error"
ONE_BY_ONE = 2  # comparisons; more of them are counted

_OPEN: tuple[Verdict, ...] = ("may be chance", "no difference", "no interval")
_CIRCLE = ", on a circle of feelings whose radius is 1."


def answer(evaluation: Evaluation) -> tuple[str, ...]:
    """Two or three sentences, in the order of their weight."""
    metric = next((metric for metric in evaluation.metrics if metric.key == NEARNESS), None)
    rows = [row for row in evaluation.rows if known(row.scores.get(NEARNESS))]
    if metric is None or not rows:
        return ("No clip was heard, so that nothing can be said yet.",)
    compared = [each for each in evaluation.comparisons if known(each.differences.get(NEARNESS))]
    said = _compared(metric, compared) + _counted(evaluation) if compared else _ranked(rows)
    return (*said, *_few(rows, compared))


def _compared(metric: Metric, compared: Sequence[Comparison]) -> list[str]:
    if len(compared) <= ONE_BY_ONE:
        return [_nearer(metric, comparison) for comparison in compared]
    found = Counter(verdict(metric, comparison.differences[NEARNESS]) for comparison in compared)
    return [
        f"Of {len(compared)} adapters, {found['better']} bring the music nearer to the mood that was asked for and "
        f"{found['worse']} take it farther away; for {sum(found[each] for each in _OPEN)} the difference "
        "may be chance (95 % intervals)."
    ]


def _nearer(metric: Metric, comparison: Comparison) -> str:
    estimate = comparison.differences[NEARNESS]
    digits = _digits([estimate])
    reading = verdict(metric, estimate)
    if reading == "no difference":
        return f"With its adapter, “{label(comparison.tuned)}” lies just as near as “{label(comparison.base)}” without."
    side = "nearer to" if estimate.value < 0 else "farther from"
    return (
        f"With its adapter, “{label(comparison.tuned)}” lies {fixed(abs(estimate.value), digits)} {side} the mood that "
        f"was asked for than “{label(comparison.base)}” without one{_surely(reading, estimate, digits)}"
    )


def _surely(reading: Verdict, estimate: Estimate, digits: int) -> str:
    """How sure that is."""
    if reading == "no interval":
        return "; nobody can tell whether that is more than chance."
    near, far = fixed(abs(estimate.low), digits), fixed(abs(estimate.high), digits)
    if reading == "better":
        return f" (95 % interval {far} to {near})."
    if reading == "worse":
        return f" (95 % interval {near} to {far})."
    return f", which may be chance: the 95 % interval reaches from {near} nearer to {far} farther."


def _counted(evaluation: Evaluation) -> list[str]:
    """What the other main measures say."""
    metrics = [metric for metric in main(scored(evaluation)) if metric.key != NEARNESS]
    found = Counter(
        one.verdict for comparison in evaluation.comparisons for one in differences(evaluation, comparison, metrics)
    )
    judged = found["better"] + found["worse"] + found["may be chance"]
    if not judged:
        return []
    return [
        f"In the other main measures {found['better']} of {counted(judged, 'difference')} "
        f"{'is' if found['better'] == 1 else 'are'} better by more than chance, and {found['worse'] or 'none'} worse."
    ]


def _ranked(rows: Sequence[Row]) -> list[str]:
    first, *rest = sorted(rows, key=lambda row: row.scores[NEARNESS].value)
    digits = _digits(row.scores[NEARNESS] for row in rows)
    away = _value(first.scores[NEARNESS], digits)
    if not rest:
        return [
            f"On average the music of “{label(first.condition)}” lies {away} from the mood that was asked for{_CIRCLE}"
        ]
    second = _value(rest[0].scores[NEARNESS], digits)
    return [
        f"Of {len(rows)} makers, “{label(first.condition)}” comes nearest to the mood that was asked for: on average "
        f"it lies {away} from it{_CIRCLE}",
        f"Next is “{label(rest[0].condition)}” with {second}; where intervals overlap, that order may be chance.",
    ]


def _digits(estimates: Iterable[Estimate]) -> int:
    """Fewer than in a table."""
    return max(2, decimals(estimates) - 1)


def _value(estimate: Estimate, digits: int) -> str:
    value = fixed(estimate.value, digits)
    if not bounded(estimate):
        return value
    return f"{value} (95 % interval {fixed(estimate.low, digits)} to {fixed(estimate.high, digits)})"


def _few(rows: Sequence[Row], compared: Sequence[Comparison]) -> list[str]:
    fewest = min([row.clips for row in rows] + [comparison.pairs for comparison in compared])
    sessions = min((row.walks for row in rows if any(key in row.scores for key in WALKS)), default=FEW)
    hints = [f"That rests on {counted(fewest, 'clip')} only: take it as a hint, and make more to be surer."]
    few = [f"What is said of whole sessions rests on {counted(sessions, 'session')} only."]
    return hints * (fewest < FEW) + few * (sessions < FEW)
