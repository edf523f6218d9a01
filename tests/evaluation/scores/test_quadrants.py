from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.choice import Choice
from musicmed_desktop.evaluation.scores import confusion
from musicmed_desktop.evaluation.scores.quadrants import QUADRANTS, Labels, labels, quadrant_scores
from musicmed_desktop.evaluation.values import Condition, Heard, Results
from tests.fakes.hearing import item

EXCITEMENT, DISTRESS, DEPRESSION, CONTENTMENT = range(4)
PLACES = (Affect(0.5, 0.5), Affect(-0.5, 0.5), Affect(-0.5, -0.5), Affect(0.5, -0.5))
BOTH = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30)


def values(intended: Labels, measured: Labels) -> dict[str, float]:
    return {key: tally.value for key, tally in quadrant_scores(intended, measured).items()}


def split(both: list[tuple[int, int]]) -> tuple[Labels, Labels]:
    intended, measured = np.array(both).T
    return intended, measured


def test_quadrants_have_their_names() -> None:
    assert QUADRANTS == ("excitement", "distress", "depression", "contentment")
    np.testing.assert_array_equal(labels(PLACES), [0, 1, 2, 3])


def test_by_hand() -> None:
    intended = np.array([EXCITEMENT] * 4 + [CONTENTMENT] * 2)
    measured = np.array([EXCITEMENT, EXCITEMENT, EXCITEMENT, DISTRESS, CONTENTMENT, EXCITEMENT])
    assert values(intended, measured) == pytest.approx(
        {
            "accuracy": 4 / 6,
            "precision": (3 / 4 + 1) / 3,  # of excitement and contentment, and 0 of distress, which was not intended
            "recall": (3 / 4 + 1 / 2) / 3,
            "f1": (3 / 4 + 2 / 3) / 3,
            "hamming": 1 - 2 * 2 / (6 * 4),
        }
    )


def test_a_quadrant_in_which_nothing_was_measured_has_no_precision() -> None:
    found = values(np.array([EXCITEMENT, DEPRESSION]), np.array([EXCITEMENT, EXCITEMENT]))
    assert (found["precision"], found["recall"], found["f1"]) == pytest.approx((1 / 4, 1 / 2, 1 / 3))


@settings(max_examples=30, deadline=None)
@given(BOTH)
def test_they_agree_with_the_library(both: list[tuple[int, int]]) -> None:
    intended, measured = split(both)
    found = values(intended, measured)
    known = {"average": "macro", "zero_division": 0}
    assert found["accuracy"] == pytest.approx(accuracy_score(intended, measured))
    assert found["precision"] == pytest.approx(precision_score(intended, measured, **known))
    assert found["recall"] == pytest.approx(recall_score(intended, measured, **known))
    assert found["f1"] == pytest.approx(f1_score(intended, measured, **known))
    assert found["hamming"] == pytest.approx(1 - (1 - found["accuracy"]) / 2)
    assert all(0 <= value <= 1 for value in found.values())


@settings(max_examples=30, deadline=None)
@given(BOTH, st.randoms(use_true_random=False))
def test_sums_of_any_clips_give_the_score_of_these_clips(both: list[tuple[int, int]], chance: Random) -> None:
    intended, measured = split(both)
    drawn = [chance.randrange(len(both)) for _ in both]
    wanted = values(intended[drawn], measured[drawn])
    for key, tally in quadrant_scores(intended, measured).items():
        assert tally.combine(tally.parts[drawn].sum(axis=0)) == pytest.approx(wanted[key])


@settings(max_examples=30, deadline=None)
@given(BOTH)
def test_all_in_their_quadrants_is_perfect(both: list[tuple[int, int]]) -> None:
    intended, _ = split(both)
    assert set(values(intended, intended).values()) == {1.0}


def test_no_clips_have_no_scores() -> None:
    assert quadrant_scores(labels([]), labels([])) == {}


def heard(pairs: list[tuple[int, int]]) -> Results:
    named = enumerate(pairs)
    clips = [Heard(item(str(key), PLACES[intended]), PLACES[measured]) for key, (intended, measured) in named]
    return Results(Condition("tuned", Choice()), tuple(clips))


def test_confusion_has_rows_of_what_was_intended() -> None:
    found = confusion(heard([(0, 0), (0, 0), (0, 1), (2, 3), (3, 3)]))
    np.testing.assert_array_equal(found, [[2, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 1]])


def test_nothing_is_confused_where_nothing_was_heard() -> None:
    np.testing.assert_array_equal(confusion(heard([])), np.zeros((4, 4)))
