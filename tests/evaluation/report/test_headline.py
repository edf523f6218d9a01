from __future__ import annotations

import math
from dataclasses import replace

from musicmed_desktop.evaluation.report.headline import answer
from musicmed_desktop.evaluation.report.words import bounded
from musicmed_desktop.evaluation.scores import METRICS
from musicmed_desktop.evaluation.values import Comparison, Estimate, Evaluation, Row
from tests.fakes.evaluations import evaluation, single

NAN = math.nan


def said(*differences: Estimate, pairs: int = 60) -> tuple[str, ...]:
    """Of adapters that changed the circumplex error so."""
    rows = [Row(name, pairs, 0, {"circumplex_error": Estimate(0.5, 0.4, 0.6)}) for name in ("base", "tuned")]
    compared = [Comparison("base", "tuned", pairs, {"circumplex_error": one}) for one in differences]
    return answer(Evaluation({}, METRICS, tuple(rows), tuple(compared), ()))


def test_what_is_surely_better_is_said_with_its_interval() -> None:
    assert said(Estimate(-0.12, -0.19, -0.05)) == (
        "With its adapter, “tuned” lies 0.12 nearer to the mood that was asked for than “base” without one "
        "(95 % interval 0.05 to 0.19).",
    )


def test_what_is_surely_worse_too() -> None:
    (sentence,) = said(Estimate(0.12, 0.05, 0.19))
    assert "lies 0.12 farther from the mood" in sentence
    assert sentence.endswith("(95 % interval 0.05 to 0.19).")


def test_what_may_be_chance_is_called_so() -> None:
    (nearer,) = said(Estimate(-0.03, -0.10, 0.05))
    assert "lies 0.03 nearer to" in nearer
    assert nearer.endswith(", which may be chance: the 95 % interval reaches from 0.10 nearer to 0.05 farther.")
    (farther,) = said(Estimate(0.02, -0.04, 0.08))
    assert "lies 0.02 farther from" in farther
    assert farther.endswith("from 0.04 nearer to 0.08 farther.")


def test_without_an_interval_nothing_is_concluded() -> None:
    first, second = said(Estimate(-0.2, NAN, NAN), pairs=1)
    assert first.endswith("; nobody can tell whether that is more than chance.")
    assert second == "That rests on 1 clip only: take it as a hint, and make more to be surer."


def test_few_clips_are_a_hint_only() -> None:
    assert "rests on 19 clips only" in said(Estimate(-0.12, -0.19, -0.05), pairs=19)[-1]
    assert len(said(Estimate(-0.12, -0.19, -0.05), pairs=20)) == 1


def test_many_adapters_are_counted() -> None:
    better, worse, chance = Estimate(-0.2, -0.3, -0.1), Estimate(0.2, 0.1, 0.3), Estimate(0.0, -0.1, 0.1)
    (sentence,) = said(better, better, worse, chance, Estimate(0.1, NAN, NAN))
    assert sentence.startswith(
        "Of 5 adapters, 2 bring the music nearer to the mood that was asked for and 1 take it farther away; for 2 "
    )


def test_the_other_measures_are_counted() -> None:
    found = evaluation()
    *_, sentence, few = answer(found)
    assert few == "What is said of whole sessions rests on 6 sessions only."
    readings = [
        (estimate.low > 0) - (estimate.high < 0)  # of those whose higher values are better
        for comparison in found.comparisons
        for key in ("clap", "valence_r", "arousal_r", "quadrant_f1", "tags_recall", "advance")
        for estimate in [comparison.differences[key]]
        if bounded(estimate)
    ]
    assert f"{readings.count(1)} of {len(readings)} differences are better by more than chance" in sentence
    assert sentence.endswith("and none worse.")
    assert readings.count(-1) == 0


def test_without_adapters_the_nearest_is_named() -> None:
    found = replace(evaluation(), comparisons=())
    first, second, _ = answer(found)
    errors = sorted((row.scores["circumplex_error"].value, row.condition) for row in found.rows)
    assert first.startswith(f"Of 5 makers, “{errors[0][1]}” comes nearest")
    assert f"it lies {errors[0][0]:.2f} (95 % interval" in first
    assert second.startswith(f"Next is “{errors[1][1]}” with {errors[1][0]:.2f} (95 %")


def test_a_single_maker_is_described() -> None:
    first, second = answer(single())
    assert first.startswith("On average the music of “builtin” lies 0.")
    assert "12 clips only" in second
    assert "95 %" not in answer(single(1))[0]


def test_nothing_heard_is_nothing_said() -> None:
    assert answer(single(0)) == ("No clip was heard, so that nothing can be said yet.",)
