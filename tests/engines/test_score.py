from __future__ import annotations

import pytest

from musicmed_desktop.engines.score import Bar


@pytest.mark.parametrize(("beats", "bpm", "seconds"), [(4.0, 120.0, 2.0), (3.0, 60.0, 3.0), (4.5, 90.0, 3.0)])
def test_a_bar_lasts_its_beats_at_its_tempo(beats: float, bpm: float, seconds: float) -> None:
    assert Bar(beats, bpm).seconds == pytest.approx(seconds)
