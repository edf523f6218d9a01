"""How near the music lies to where it should lie on the circumplex."""

from __future__ import annotations

import numpy as np
from scipy.stats import pearsonr

from musicmed_desktop.evaluation.scores.tally import Floats, Tally, known, mean, ratio

_FEWEST = 3  # clips: a correlation of two is always 1 or -1
_STILL = 1e-12  # variance; below this, values do not vary, and only their rounding would be correlated


def place_scores(intended: Floats, measured: Floats) -> dict[str, Tally]:
    """Mean errors and correlations; both arrays are (n, 2), valence and arousal in [-1, 1]."""
    missed = measured - intended
    return known(
        {
            "circumplex_error": mean(np.hypot(missed[:, 0], missed[:, 1])),
            "valence_error": mean(np.abs(missed[:, 0])),
            "arousal_error": mean(np.abs(missed[:, 1])),
            "valence_r": correlation(intended[:, 0], measured[:, 0]),
            "arousal_r": correlation(intended[:, 1], measured[:, 1]),
        }
    )


def correlation(first: Floats, second: Floats) -> Tally | None:
    """Pearson's r; None for fewer than three pairs, or where one of them does not vary."""
    if len(first) < _FEWEST or min(first.var(), second.var()) < _STILL:
        return None
    x, y = first - first.mean(), second - second.mean()  # near 0, their squares lose no digits
    parts = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=1)
    return Tally(float(pearsonr(first, second).statistic), parts, _r)


def _r(sums: Floats) -> Floats:
    count, x, y, xx, yy, xy = np.moveaxis(sums, -1, 0)
    x, y = x / count, y / count
    spread_x, spread_y = xx / count - x * x, yy / count - y * y
    varied = np.minimum(spread_x, spread_y) >= _STILL
    return ratio(xy / count - x * y, np.sqrt(np.where(varied, spread_x * spread_y, 0.0)))
