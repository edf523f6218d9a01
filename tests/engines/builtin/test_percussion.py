from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import strategies as st

from musicmed_desktop.engines.builtin.percussion import KITS, bar_of_drums
from musicmed_desktop.engines.builtin.styles import Kit
from tests.engines.builtin.properties import forall

SOUNDING: list[Kit] = [kit for kit, layers in KITS.items() if layers]


@forall(
    st.integers(0, 10_000), st.sampled_from(list(KITS)), st.sampled_from((0.0, 4.0)), st.floats(0, 1), st.booleans()
)
def test_drums_stay_in_their_bar_and_in_the_general_midi_kit(
    seed: int, kit: Kit, start: float, intensity: float, fill: bool
) -> None:
    for tone in bar_of_drums(random.Random(seed), kit, start, intensity, fill):
        assert start <= tone.start < start + 4.0
        assert 35 <= tone.pitch <= 81 or tone.pitch == 82  # the shaker is General MIDI 2
        assert 0.0 < tone.accent <= 1.0


@pytest.mark.parametrize("kit", KITS)
@pytest.mark.parametrize("fill", [True, False])
def test_nothing_is_struck_at_rest(kit: Kit, fill: bool) -> None:
    assert bar_of_drums(random.Random(1), kit, 0.0, 0.0, fill) == []


def test_no_kit_never_sounds() -> None:
    assert bar_of_drums(random.Random(1), "none", 0.0, 1.0, True) == []


@pytest.mark.parametrize("kit", SOUNDING)
def test_more_intensity_brings_more_strokes_and_more_weight(kit: Kit) -> None:
    strokes, weight = [], []
    for intensity in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        bars = [bar_of_drums(random.Random(seed), kit, 0.0, intensity, False) for seed in range(60)]
        strokes.append(sum(len(bar) for bar in bars) / 60)
        weight.append(sum(tone.accent for bar in bars for tone in bar) / 60)
    assert all(b >= a - 0.2 for a, b in pairwise(strokes))  # a bar leaves a stroke out by chance
    assert strokes[-1] > strokes[1] + 4
    assert all(b > a for a, b in pairwise(weight[1:]))


@pytest.mark.parametrize("kit", SOUNDING)
def test_layers_come_in_softly(kit: Kit) -> None:
    """Just above its threshold a layer is struck at about half its weight."""
    for layer in KITS[kit]:
        bar = bar_of_drums(random.Random(2), kit, 0.0, layer.enters + 0.01, False)
        entering = [t.accent for t in bar if t.pitch == layer.pitch and t.start in layer.beats]
        assert not entering or min(entering) < 0.7 * layer.accent


@pytest.mark.parametrize("kit", SOUNDING)
def test_a_lively_phrase_ends_with_a_fill(kit: Kit) -> None:
    plain = bar_of_drums(random.Random(3), kit, 0.0, 0.9, False)
    filled = bar_of_drums(random.Random(3), kit, 0.0, 0.9, True)
    added = filled[len(plain) :]
    assert filled[: len(plain)] == plain
    assert added
    assert min(tone.start for tone in added) >= 3.0
    quiet = bar_of_drums(random.Random(3), kit, 0.0, 0.3, True)
    assert quiet == bar_of_drums(random.Random(3), kit, 0.0, 0.3, False)
