from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import strategies as st

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.base import EXIT_TOLERANCE_S
from musicmed_desktop.engines.builtin.cues import cues_for
from musicmed_desktop.engines.builtin.form import PlayedBar, lay_bars, lay_last_bars, phrase_lengths
from tests.engines.builtin.properties import forall

affects = st.builds(Affect, st.floats(-1, 1), st.floats(-1, 1))
lengths = st.floats(24.0, 36.0)
STEADY = 1.042  # of two neighbouring bars the slower is 4 % slower at most, where the way allows it


def laid(leaving: Affect, arriving: Affect, seconds: float) -> list[PlayedBar]:
    return lay_bars(leaving, arriving, cues_for(leaving).bpm, seconds)


def total(bars: list[PlayedBar]) -> float:
    return sum(bar.seconds for bar in bars)


def widest_step(bars: list[PlayedBar]) -> float:
    return max(max(a.bpm / b.bpm, b.bpm / a.bpm) for a, b in pairwise(bars))


@forall(affects, affects, lengths, examples=300)
def test_an_even_number_of_bars_meets_the_length(leaving: Affect, arriving: Affect, seconds: float) -> None:
    bars = laid(leaving, arriving, seconds)
    assert len(bars) % 2 == 0
    assert abs(total(bars) - seconds) <= EXIT_TOLERANCE_S


@forall(affects, affects, lengths)
def test_bars_walk_from_one_affect_to_the_other(leaving: Affect, arriving: Affect, seconds: float) -> None:
    bars = laid(leaving, arriving, seconds)
    assert bars[0].affect.distance(leaving) < 1e-6
    assert bars[-1].affect.distance(arriving) < 1e-6
    gone = [bar.affect.distance(leaving) for bar in bars]
    assert all(b >= a - 1e-9 for a, b in pairwise(gone))
    assert all(bar.cues == cues_for(bar.affect) for bar in bars)


@forall(affects, affects, lengths)
def test_tempo_arrives_without_a_jump(leaving: Affect, arriving: Affect, seconds: float) -> None:
    bars = laid(leaving, arriving, seconds)
    wanted = cues_for(arriving).bpm
    assert bars[-1].bpm == pytest.approx(wanted, rel=0.03)
    low, high = sorted((cues_for(leaving).bpm, wanted))
    assert all(low / 1.001 <= bar.bpm <= high * 1.001 for bar in bars)
    if high / low <= STEADY ** (len(bars) // 2 - 2):  # near enough to be reached in half a clip
        assert widest_step(bars) <= STEADY + 1e-9


@forall(affects, lengths)
def test_a_plateau_keeps_its_tempo(affect: Affect, seconds: float) -> None:
    assert widest_step(laid(affect, affect, seconds)) == 1.0


@forall(affects, affects, lengths, examples=300)
def test_the_last_clip_is_exact_and_its_chord_rings(leaving: Affect, arriving: Affect, seconds: float) -> None:
    bars, ending = lay_last_bars(leaving, arriving, cues_for(leaving).bpm, seconds)
    assert total(bars) + ending == pytest.approx(seconds, abs=1e-6)
    assert len(bars) % 2 == 0
    assert 3.0 <= ending <= 10.0
    assert abs(bars[0].bpm / laid(leaving, arriving, seconds)[0].bpm - 1.0) <= 0.16  # stretched, but not by much
    ways = [b.bpm - a.bpm for a, b in pairwise(bars)]
    assert all(way >= -1e-9 for way in ways) or all(way <= 1e-9 for way in ways)


@forall(st.integers(1, 60).map(lambda n: 2 * n))
def test_phrases_are_fours_and_the_last_takes_what_is_left(bars: int) -> None:
    lengths = phrase_lengths(bars)
    assert sum(lengths) == bars
    assert all(length == 4 for length in lengths[:-1])
    assert lengths[-1] in ((2, 4, 6) if bars == 2 else (4, 6))
