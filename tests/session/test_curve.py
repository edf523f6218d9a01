from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.interpolate import CubicHermiteSpline
from scipy.ndimage import gaussian_filter1d

from musicmed_desktop.session.curve import SUBDIVISIONS, smoothed, spline

NOISE = np.random.default_rng(3).normal(size=(44, 2))
POSITIONS = [(float(x), float(y)) for x, y in NOISE]


def test_smoothing_is_a_gaussian_mean() -> None:
    inside = slice(12, -12)  # where no end is near
    oracle = gaussian_filter1d(NOISE, sigma=2.0, axis=0, truncate=6.0)
    assert np.allclose(np.array(smoothed(POSITIONS))[inside], oracle[inside], atol=1e-4)


@pytest.mark.parametrize("count", [1, 2, 3, 30])
def test_what_is_still_stays(count: int) -> None:
    assert smoothed([(3.0, 4.0)] * count) == [pytest.approx((3.0, 4.0))] * count
    assert spline([(3.0, 4.0)] * count)[-1] == (3.0, 4.0)


def test_the_spline_is_catmull_and_roms() -> None:
    tangents = np.gradient(NOISE, axis=0)
    tangents[[0, -1]] = (NOISE[1] - NOISE[0]) / 2, (NOISE[-1] - NOISE[-2]) / 2  # the ends are doubled
    oracle = CubicHermiteSpline(np.arange(len(NOISE)), NOISE, tangents)
    curve = spline(POSITIONS)
    assert np.allclose(curve, oracle(np.arange(len(curve)) / SUBDIVISIONS))
    assert np.allclose(curve[::SUBDIVISIONS], NOISE)


def test_few_positions_are_hardly_moved() -> None:
    ends = [(0.0, 0.0), (10.0, 0.0)]
    assert all(math.dist(was, now) < 0.1 for was, now in zip(ends, smoothed(ends), strict=True))
    assert spline([(1.0, 2.0)]) == [(1.0, 2.0)]
    assert spline([]) == []
