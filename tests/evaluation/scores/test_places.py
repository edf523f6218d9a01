from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import pearsonr
from sklearn.metrics import mean_absolute_error

from musicmed_desktop.evaluation.scores.places import correlation, place_scores


def scattered(count: int = 50, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    intended = chance.uniform(-0.9, 0.9, (count, 2))
    return intended, np.clip(0.6 * intended + chance.normal(0, 0.3, (count, 2)), -1, 1)


def test_errors_by_hand() -> None:
    intended = np.array([[0.0, 0.0], [0.5, -0.5]])
    measured = np.array([[0.3, 0.4], [0.5, 0.5]])
    scores = place_scores(intended, measured)
    assert scores["circumplex_error"].value == pytest.approx((0.5 + 1.0) / 2)
    assert scores["valence_error"].value == pytest.approx(0.15)
    assert scores["arousal_error"].value == pytest.approx(0.7)


def test_they_agree_with_the_libraries() -> None:
    intended, measured = scattered()
    scores = place_scores(intended, measured)
    assert scores["circumplex_error"].value == pytest.approx(np.linalg.norm(intended - measured, axis=1).mean())
    for axis, name in enumerate(("valence", "arousal")):
        assert scores[f"{name}_error"].value == pytest.approx(mean_absolute_error(intended[:, axis], measured[:, axis]))
        wanted = pearsonr(intended[:, axis], measured[:, axis]).statistic
        assert scores[f"{name}_r"].value == pytest.approx(wanted)


def test_music_that_lies_where_it_should() -> None:
    intended, _ = scattered()
    values = [tally.value for tally in place_scores(intended, intended).values()]
    assert values == pytest.approx([0, 0, 0, 1, 1])


def test_sums_of_any_clips_give_the_score_of_these_clips() -> None:
    intended, measured = scattered()
    scores = place_scores(intended, measured)
    for seed in range(5):
        drawn = np.random.default_rng(seed).integers(0, 50, 50)
        wanted = place_scores(intended[drawn], measured[drawn])
        for key, tally in scores.items():
            assert tally.combine(tally.parts[drawn].sum(axis=0)) == pytest.approx(wanted[key].value, abs=1e-9)


@pytest.mark.parametrize("constant", [0.0, 0.3, -1.0])
def test_what_does_not_vary_has_no_correlation(constant: float) -> None:
    still, moving = np.full(20, constant), np.linspace(-1, 1, 20)
    assert correlation(still, moving) is None
    assert correlation(moving, still) is None


def test_two_clips_have_no_correlation() -> None:
    assert correlation(np.array([0.0, 1.0]), np.array([0.0, 1.0])) is None
    assert correlation(np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.5, 1.0])) is not None


def test_a_resample_that_does_not_vary_has_none_either() -> None:
    tally = correlation(np.array([0.1, 0.7, 0.7]), np.array([0.3, -0.2, 0.9]))
    assert tally is not None
    for drawn in ([0, 0, 0], [1, 2, 2], [2, 2, 2]):
        assert math.isnan(tally.combine(tally.parts[drawn].sum(axis=0)))


def test_no_clips_have_no_scores() -> None:
    assert place_scores(np.empty((0, 2)), np.empty((0, 2))) == {}
