from __future__ import annotations

import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.builtin.cues import cues_for
from musicmed_desktop.engines.builtin.piece import PHRASES_PER_KEY, begin
from tests.engines.builtin.playing import step

CALM = Affect(0.5, -0.5)
RELATED = {3, 5, 7, 9}  # the relative or parallel's minor third, subdominant, dominant, submediant


@pytest.mark.parametrize("seed", range(8))
def test_the_key_plan_leaves_home_for_near_keys_and_returns(seed: int) -> None:
    piece = begin(seed, step(CALM), CALM).piece
    away = [(piece.tonic(PHRASES_PER_KEY * i) - piece.home) % 12 for i in range(8)]
    assert away[0::2] == [0, 0, 0, 0]
    assert set(away[1::2]) <= RELATED


def test_a_key_lasts_for_its_phrases() -> None:
    piece = begin(1, step(CALM), CALM).piece
    for first in (0, PHRASES_PER_KEY):
        assert len({piece.tonic(first + i) for i in range(PHRASES_PER_KEY)}) == 1


def test_a_piece_begins_at_home_in_the_tempo_that_it_leaves() -> None:
    state = begin(5, step(Affect(0.2, 0.2)), CALM)
    assert (state.tonic, state.phrase, state.aim) == (state.piece.home, 0, CALM)
    assert state.bpm == cues_for(CALM).bpm


def test_a_seed_is_a_piece_and_another_another() -> None:
    assert begin(3, step(CALM), CALM) == begin(3, step(CALM), CALM)
    pieces = [begin(seed, step(CALM), CALM).piece for seed in range(20)]
    assert len({piece.motifs for piece in pieces}) == 20
    assert len({piece.home for piece in pieces}) > 6


def test_the_genre_chooses_the_style() -> None:
    assert begin(3, step(CALM, "jazz"), CALM).piece.style.name == "jazz"
