from __future__ import annotations

import random

from hypothesis import strategies as st

from musicmed_desktop.engines.builtin.motif import Motif, invent
from tests.engines.builtin.properties import forall

seeds = st.integers(0, 10_000)
motifs = seeds.map(lambda seed: invent(random.Random(seed), 4))


@forall(motifs)
def test_thinner_versions_lie_inside_fuller_ones(motif: Motif) -> None:
    for notes in range(1, 8):
        assert set(motif.onsets(notes)) < set(motif.onsets(notes + 1))


@forall(motifs, st.integers(1, 8))
def test_as_many_onsets_as_asked_in_time_order(motif: Motif, notes: int) -> None:
    onsets = motif.onsets(notes)
    assert len(onsets) == notes
    assert onsets == sorted(onsets)
    assert onsets[0] == 0  # the bar's first beat is the last to go
    assert onsets[-1] < 8


@forall(motifs)
def test_there_is_always_something_to_play(motif: Motif) -> None:
    assert len(motif.onsets(0)) == 1
    assert len(motif.onsets(100)) == 8


@forall(motifs, seeds)
def test_a_variation_keeps_the_rhythm_and_most_notes(motif: Motif, seed: int) -> None:
    varied = motif.varied(random.Random(seed))
    assert varied.weights == motif.weights
    moved = [abs(a - b) for a, b in zip(motif.steps, varied.steps, strict=True)]
    assert moved[0] == 0
    assert sorted(moved)[:6] == [0] * 6
    assert 1 <= sum(moved) <= 2


@forall(motifs)
def test_an_inversion_mirrors_the_steps(motif: Motif) -> None:
    assert [a + b for a, b in zip(motif.steps, motif.inverted().steps, strict=True)] == [0] * 8
    assert motif.inverted().inverted() == motif


@forall(motifs)
def test_shapes_are_mostly_stepwise_and_stay_near(motif: Motif) -> None:
    moves = [abs(b - a) for a, b in zip(motif.steps, motif.steps[1:], strict=False)]
    assert motif.steps[0] == 0
    assert sum(move > 1 for move in moves) == 1
    assert max(map(abs, motif.steps)) <= 7


def test_a_seed_is_a_motif_and_another_another() -> None:
    assert invent(random.Random(3), 4) == invent(random.Random(3), 4)
    assert len({invent(random.Random(seed), 4) for seed in range(50)}) == 50
