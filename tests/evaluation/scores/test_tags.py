from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from sklearn.metrics import hamming_loss, jaccard_score, precision_recall_fscore_support

from musicmed_desktop.affect import Affect, mood
from musicmed_desktop.evaluation.scores.classes import Flags
from musicmed_desktop.evaluation.scores.tags import flags, nearest_tags, tag_scores
from musicmed_desktop.plan.prompts import CHARACTERS, mood_tags

UNIT = st.floats(-1, 1)


@st.composite
def labelled(draw: st.DrawFn) -> tuple[Flags, Flags]:
    """What was intended, at least one tag of each clip, and what was heard."""
    shape = draw(array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=6))
    intended, heard = (draw(arrays(bool, shape)) for _ in range(2))
    intended[:, draw(st.integers(0, shape[1] - 1))] |= ~intended.any(axis=1)
    return intended, heard


def values(intended: Flags, heard: Flags) -> dict[str, float]:
    return {key: tally.value for key, tally in tag_scores(intended, heard).items()}


def test_by_hand() -> None:
    intended, heard = flags(
        [("calm", "soft"), ("happy", "fun"), ("sad", "dark")],
        [("calm", "soft"), ("happy", "upbeat"), ("epic", "heavy")],
    )
    tags = len(CHARACTERS)
    assert intended.shape == heard.shape == (3, tags)
    assert values(intended, heard) == pytest.approx(
        {
            "precision": 3 / 9,  # calm, soft and happy, of the nine that occur
            "recall": 3 / 9,
            "f1": 3 / 9,
            "hamming": 1 - (0 + 2 + 4) / (3 * tags),
            "jaccard": (1 + 1 / 3 + 0) / 3,
        }
    )


def test_too_many_and_too_few_cost_the_same() -> None:
    many = values(*flags([("calm",)], [("calm", "soft", "deep", "cool")]))
    few = values(*flags([("calm", "soft", "deep", "cool")], [("calm",)]))
    assert (many["precision"], many["recall"], many["f1"]) == pytest.approx((0.25, 0.25, 0.25))  # one tag of four
    assert few == pytest.approx(many)


def test_a_tag_that_is_always_heard_is_found_and_not_precise() -> None:
    found = values(*flags([("calm",), ("sad",)], [("calm",), ("calm",)]))
    assert (found["precision"], found["recall"], found["f1"]) == pytest.approx((1 / 4, 1 / 2, 1 / 3))


def test_nothing_heard() -> None:
    assert values(*flags([("calm",)], [()])) == pytest.approx(
        {"precision": 0, "recall": 0, "f1": 0, "hamming": 1 - 1 / len(CHARACTERS), "jaccard": 0}
    )


def test_no_clips_have_no_scores() -> None:
    assert tag_scores(*flags([], [])) == {}


@settings(max_examples=30, deadline=None)
@given(labelled())
def test_they_agree_with_the_library(both: tuple[Flags, Flags]) -> None:
    found = values(*both)
    occurring = np.flatnonzero((both[0] | both[1]).any(axis=0))
    precision, recall, f1, _ = precision_recall_fscore_support(
        *both, labels=occurring, average="macro", zero_division=0
    )
    assert (found["precision"], found["recall"], found["f1"]) == pytest.approx((precision, recall, f1))
    assert found["hamming"] == pytest.approx(1 - hamming_loss(*both))
    assert found["jaccard"] == pytest.approx(jaccard_score(*both, average="samples"))
    assert all(0 <= value <= 1 for value in found.values())


@settings(max_examples=30, deadline=None)
@given(labelled())
def test_sums_give_the_library_s_value(both: tuple[Flags, Flags]) -> None:
    for tally in tag_scores(*both).values():
        assert tally.combine(tally.parts.sum(axis=0)) == pytest.approx(tally.value)


def test_sums_of_any_clips_give_the_score_of_these_clips() -> None:
    chance = np.random.default_rng(0)
    intended, heard = chance.random((40, 8)) < 0.3, chance.random((40, 8)) < 0.3
    intended[:, 0] = True
    for seed in range(5):
        drawn = np.random.default_rng(seed).integers(0, 40, 40)
        wanted = values(intended[drawn], heard[drawn])
        for key, tally in tag_scores(intended, heard).items():
            assert tally.combine(tally.parts[drawn].sum(axis=0)) == pytest.approx(wanted[key])


@settings(max_examples=30, deadline=None)
@given(labelled())
def test_all_that_was_intended_and_nothing_else_is_perfect(both: tuple[Flags, Flags]) -> None:
    assert set(values(both[0], both[0]).values()) == {1.0}


@settings(max_examples=30, deadline=None)
@given(labelled())
def test_intended_and_heard_may_be_exchanged(both: tuple[Flags, Flags]) -> None:
    intended, heard = both[0], both[1] | both[0][:, ::-1]  # each has a tag
    one, other = values(intended, heard), values(heard, intended)
    assert one["precision"] == pytest.approx(other["recall"])
    for key in ("f1", "hamming", "jaccard"):
        assert one[key] == pytest.approx(other[key])


@settings(max_examples=50, deadline=None)
@given(UNIT, UNIT)
def test_the_tags_heard_are_chosen_as_those_of_prompts(valence: float, arousal: float) -> None:
    place = Affect(valence, arousal)
    assert nearest_tags(place, ("calm", "soft")) == mood_tags(place)


def test_intended_tags_that_are_no_characters_can_be_heard() -> None:
    assert "space" not in CHARACTERS
    place = mood("space").affect
    assert nearest_tags(place, ("space",)) == ("space",)
    assert nearest_tags(place, ("calm",)) != ("space",)
    assert len(nearest_tags(place, ("calm", "soft", "dark"))) == 3
