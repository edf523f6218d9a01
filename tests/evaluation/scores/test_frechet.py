from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ortho_group
from torchmetrics.image.fid import FrechetInceptionDistance

from musicmed_desktop.evaluation.scores.frechet import frechet_distance
from musicmed_desktop.evaluation.scores.tally import Floats


class Embedded(torch.nn.Module):
    """What torchmetrics asks for embeddings: they are there already."""

    num_features: int

    def __init__(self, width: int) -> None:
        super().__init__()
        self.num_features = width

    def forward(self, embeddings: torch.Tensor) -> torch.Tensor:
        return embeddings


def by_torchmetrics(sounds: Floats, reference: Floats) -> float:
    metric = FrechetInceptionDistance(feature=Embedded(sounds.shape[1])).set_dtype(torch.float64)
    metric.update(torch.from_numpy(reference), real=True)
    metric.update(torch.from_numpy(sounds), real=False)
    return float(metric.compute())


def sounds(count: int, width: int, seed: int, moved: float = 0.0) -> Floats:
    chance = np.random.default_rng(seed)
    mixing: Floats = chance.normal(size=(width, width))
    return chance.normal(size=(count, width)) @ mixing + moved


def spread(mean: float, deviation: float, count: int = 11) -> Floats:
    """One column of exactly this mean and (unbiased) standard deviation."""
    values = np.linspace(-1, 1, count)
    column: Floats = mean + values / values.std(ddof=1) * deviation
    return column[:, np.newaxis]


def test_two_normal_distributions_by_hand() -> None:
    assert frechet_distance(spread(1.0, 2.0), spread(4.0, 0.5, 31)) == pytest.approx(3.0**2 + 1.5**2)


def test_independent_columns_add_up() -> None:
    one = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]], float)  # variance 4/3 each, no covariance
    assert frechet_distance(one, one * [2.0, 3.0] + [0.5, 0.0]) == pytest.approx(0.25 + 4 / 3 * (1 + 4))


@pytest.mark.parametrize(("count", "other", "width"), [(200, 150, 12), (64, 64, 3), (40, 300, 40)])
def test_it_agrees_with_torchmetrics(count: int, other: int, width: int) -> None:
    found, wanted = sounds(count, width, 1, moved=0.5), sounds(other, width, 2)
    assert frechet_distance(found, wanted) == pytest.approx(by_torchmetrics(found, wanted), rel=1e-6)


def test_it_agrees_with_torchmetrics_where_there_are_fewer_sounds_than_dimensions() -> None:
    found, wanted = sounds(10, 32, 1), sounds(14, 32, 2)
    # torchmetrics takes roots of eigenvalues that should be 0, and loses digits there
    assert frechet_distance(found, wanted) == pytest.approx(by_torchmetrics(found, wanted), rel=1e-4)


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 12), st.integers(2, 12), st.integers(1, 20), st.integers(0, 1000))
def test_it_is_symmetric_and_0_for_the_same(count: int, other: int, width: int, seed: int) -> None:
    found, wanted = sounds(count, width, seed), sounds(other, width, seed + 1)
    distance = frechet_distance(found, wanted)
    assert distance >= 0
    assert distance == pytest.approx(frechet_distance(wanted, found))
    size = np.square(found).sum()
    assert frechet_distance(found, found) == pytest.approx(0, abs=1e-12 * size)
    assert frechet_distance(found, np.flip(found, axis=0)) == pytest.approx(0, abs=1e-12 * size)


def test_turning_the_space_changes_nothing_and_scaling_it_counts_squared() -> None:
    found, wanted = sounds(30, 8, 1), sounds(50, 8, 2)
    turn = ortho_group.rvs(8, random_state=0)
    distance = frechet_distance(found, wanted)
    assert frechet_distance(found @ turn, wanted @ turn) == pytest.approx(distance)
    assert frechet_distance(3 * found, 3 * wanted) == pytest.approx(9 * distance)


def test_single_precision_is_computed_in_double() -> None:
    found, wanted = sounds(30, 8, 1).astype(np.float32), sounds(50, 8, 2).astype(np.float32)
    assert frechet_distance(found, wanted) == frechet_distance(found.astype(np.float64), wanted.astype(np.float64))


def test_small_sets_of_the_same_music_seem_far_apart() -> None:
    """As the metric's explanation says: only sets of equal size compare."""
    music = np.random.default_rng(0).normal(size=(4000, 64))
    distances = [frechet_distance(music[:count], music[2000:]) for count in (20, 100, 500, 2000)]
    assert all(fewer > 1.5 * more for fewer, more in pairwise(distances))
