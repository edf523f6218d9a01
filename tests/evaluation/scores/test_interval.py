from __future__ import annotations

import math
import warnings
from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import bootstrap

from musicmed_desktop.evaluation.scores.interval import FEWEST, RESAMPLES, difference, estimate
from musicmed_desktop.evaluation.scores.places import correlation
from musicmed_desktop.evaluation.scores.tags import tag_scores
from musicmed_desktop.evaluation.scores.tally import Tally, mean
from musicmed_desktop.evaluation.values import Estimate

TRIALS = 200
Trial = Callable[[np.random.Generator], Estimate]


def known(tally: Tally | None) -> Tally:
    assert tally is not None
    return tally


def test_it_is_scipy_s_interval_of_the_clips_themselves() -> None:
    values = np.random.default_rng(0).exponential(size=40)
    found = estimate(known(mean(values)), seed=3)
    wanted = bootstrap((values,), np.mean, n_resamples=RESAMPLES, batch=250, rng=np.random.default_rng(3))
    assert found.value == pytest.approx(values.mean())
    assert (found.low, found.high) == pytest.approx(tuple(wanted.confidence_interval))


def test_the_same_seed_gives_the_same_interval_and_another_one_nearly_the_same() -> None:
    tally = known(mean(np.random.default_rng(0).normal(size=60)))
    one, again, other = (estimate(tally, seed) for seed in (1, 1, 2))
    assert one == again
    assert one != other
    assert one.low == pytest.approx(other.low, abs=0.05)
    assert one.high == pytest.approx(other.high, abs=0.05)


def no_bounds(found: Estimate) -> bool:
    return math.isnan(found.low) and math.isnan(found.high)


@pytest.mark.parametrize("values", [[0.3], [0.3] * 10, [1.0] * 200, [0.1 + 0.2, 0.3] * 5])
def test_what_does_not_vary_has_a_value_and_no_bounds(values: list[float]) -> None:
    found = estimate(known(mean(np.array(values))), seed=0)
    assert found.value == pytest.approx(values[0])
    assert no_bounds(found)


def test_a_score_that_a_resample_may_lack_has_no_bounds() -> None:
    tally = known(correlation(np.array([0.1, 0.5, 0.9]), np.array([0.2, 0.1, 0.8])))
    assert no_bounds(estimate(tally, seed=0))


def test_missing_numbers_are_left_out() -> None:
    values = np.array([0.2, math.nan, 0.6, 0.4, math.nan, 0.8] * 3)
    found = estimate(known(mean(values)), seed=0)
    assert found.value == pytest.approx(0.5)
    assert 0.2 <= found.low < 0.5 < found.high <= 0.8
    assert mean(np.array([math.nan])) is None


@pytest.mark.parametrize(("count", "bounds"), [(FEWEST - 1, False), (FEWEST, True)])
def test_few_values_have_no_bounds(count: int, bounds: bool) -> None:
    found = estimate(known(mean(np.random.default_rng(0).normal(size=count))), seed=0)
    assert no_bounds(found) != bounds


def test_where_no_single_clip_matters_the_bounds_are_percentiles() -> None:
    """BCa divides by what leaving one out changes."""
    intended = np.eye(4, dtype=bool)[[0, 1, 2, 3] * 4]
    heard = np.eye(4, dtype=bool)[[0] * 16]
    found = estimate(tag_scores(intended, heard)["recall"], seed=0)
    assert found.value == 0.25
    assert 0.2 < found.low <= 0.25 <= found.high < 0.4


def test_a_difference_is_taken_clip_by_clip() -> None:
    """Where every clip gets better by nearly as much, it is certain, however much the clips differ."""
    chance = np.random.default_rng(0)
    base = chance.normal(0, 5, 50)
    tuned = base + chance.normal(0.2, 0.05, 50)
    found = difference(known(mean(base)), known(mean(tuned)), seed=0)
    assert found.value == pytest.approx(0.2, abs=0.03)
    assert 0.15 < found.low < found.value < found.high < 0.25
    alone = estimate(known(mean(tuned - base)), seed=0)
    assert (found.low, found.high) == pytest.approx((alone.low, alone.high))


def test_a_condition_does_not_differ_from_itself() -> None:
    tally = known(mean(np.random.default_rng(0).normal(size=20)))
    found = difference(tally, tally, seed=0)
    assert found.value == 0
    assert no_bounds(found)


def _mean_of_skewed(chance: np.random.Generator) -> Estimate:
    return estimate(known(mean(chance.gamma(4.0, 0.25, 60))), seed=0)  # true mean 1


def _correlation(chance: np.random.Generator) -> Estimate:
    x = chance.normal(size=60)
    return estimate(known(correlation(x, 0.6 * x + 0.8 * chance.normal(size=60))), seed=0)  # true r 0.6


def _f1(chance: np.random.Generator) -> Estimate:
    """Two tags of six are intended and two heard: the first with a chance of 0.6, and any other one."""
    intended, heard = np.zeros((2, 60, 6), bool)
    intended[:, :2] = True
    first = np.where(chance.random(60) < 0.6, 0, 2)
    heard[np.arange(60), first] = True
    heard[np.arange(60), chance.integers(3, 6, 60)] = True
    return estimate(tag_scores(intended, heard)["f1"], seed=0)  # true F1 0.75 of the first


def _difference(chance: np.random.Generator) -> Estimate:
    base = chance.normal(size=60)
    tuned = 0.5 * base + chance.normal(0.25, 0.5, 60)
    return difference(known(mean(base)), known(mean(tuned)), seed=0)  # true difference 0.25


@pytest.mark.parametrize(
    ("trial", "truth"), [(_mean_of_skewed, 1.0), (_correlation, 0.6), (_f1, 0.75 / 6), (_difference, 0.25)]
)
def test_about_95_of_100_intervals_hold_the_truth(trial: Trial, truth: float) -> None:
    """The count of 200 trials has a standard deviation of 1.5 %, of which three are allowed.

    In 2000 trials they held it in 93.4, 93.4, 95.9 and 94.0 %: bootstraps of 60 clips are a little too narrow.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = [trial(np.random.default_rng(seed)) for seed in range(TRIALS)]
    covered = np.mean([each.low <= truth <= each.high for each in found])
    assert 0.905 <= covered <= 0.995
