from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicmed_desktop.affect import Affect
from musicmed_desktop.audio.levels import target_lufs

UNIT = st.floats(-1.0, 1.0)


def test_neutral_arousal_lies_at_the_centre() -> None:
    assert target_lufs(Affect(0.3, 0.0)) == pytest.approx(-18.0)


@given(valence=UNIT, calm=UNIT, excited=UNIT)
def test_loudness_rises_with_arousal_alone_and_never_far(valence: float, calm: float, excited: float) -> None:
    calm, excited = sorted((calm, excited))
    assert target_lufs(Affect(valence, calm)) <= target_lufs(Affect(-valence, excited))
    assert -20.5 <= target_lufs(Affect(valence, calm)) <= -15.5
