"""Confidence intervals by bootstrap (Efron 1987: bias-corrected and accelerated)."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

from musicmed_desktop.evaluation.scores.tally import Floats, Tally
from musicmed_desktop.evaluation.values import Estimate

RESAMPLES = 1000
FEWEST = 8  # with fewer, 95 % intervals of a difference leave out the truth in a quarter of the cases and more
_AT_ONCE = 250  # resamples: bounds the memory
_ROUNDING = 1e-9  # sums of the same values in another order differ by less


def estimate(tally: Tally, seed: int) -> Estimate:
    """The score with its 95 % confidence interval. The same seed resamples the same clips, whatever the score.

    The bounds are NaN where there is none: for fewer than FEWEST, where all resamples score the same, or one has no
    score. Where leaving one clip out changes nothing, BCa cannot be computed, and they are the percentiles.
    """
    parts = tally.parts[tally.parts.any(axis=1)]  # without the clips that have no number here
    if len(parts) < FEWEST:
        return Estimate(tally.value, math.nan, math.nan)

    def scores(drawn: NDArray[np.int_], axis: int) -> Floats:
        del axis  # the last
        return tally.combine(_times_drawn(drawn, len(parts)) @ parts)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy's word of what has no interval: it is NaN
        found: Any = bootstrap(
            (np.arange(len(parts)),),
            scores,
            n_resamples=RESAMPLES,
            batch=_AT_ONCE,
            vectorized=True,
            confidence_level=0.95,
            method="BCa",
            rng=np.random.default_rng(seed),
        )
    low, high = found.confidence_interval
    if np.ptp(found.bootstrap_distribution) < _ROUNDING:
        low = high = math.nan
    elif not np.isfinite([low, high]).all():
        low, high = np.percentile(found.bootstrap_distribution, [2.5, 97.5])  # NaN where a resample has no score
    return Estimate(tally.value, float(low), float(high))


def difference(base: Tally, tuned: Tally, seed: int) -> Estimate:
    """Tuned minus base, whose parts belong to the same clips: each clip is drawn in both or in neither."""
    width = base.parts.shape[1]

    def combine(sums: Floats) -> Floats:
        return tuned.combine(sums[..., width:]) - base.combine(sums[..., :width])

    return estimate(Tally(tuned.value - base.value, np.hstack([base.parts, tuned.parts]), combine), seed)


def _times_drawn(drawn: NDArray[np.int_], count: int) -> NDArray[np.int_]:
    """How often each of `count` clips is among those drawn (..., n): (..., count)."""
    rows = drawn.reshape(-1, drawn.shape[-1])
    places = rows + count * np.arange(len(rows))[:, np.newaxis]
    times = np.bincount(places.ravel(), minlength=count * len(rows))
    return times.reshape(*drawn.shape[:-1], count)
