import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicmed_desktop.affect import Affect

coordinates = st.floats(-1, 1)
points = st.builds(Affect, coordinates, coordinates)


@pytest.mark.parametrize("valence", [1.01, -1.01, math.nan, math.inf])
def test_a_point_outside_the_square_is_refused(valence: float) -> None:
    with pytest.raises(ValueError, match="valence is"):
        Affect(valence, 0.0)
    with pytest.raises(ValueError, match="arousal is"):
        Affect(0.0, valence)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_clipping_gives_the_nearest_point_of_the_square(valence: float, arousal: float) -> None:
    clipped = Affect.clipped(valence, arousal)
    assert clipped.valence == max(-1, min(1, valence))
    assert clipped.arousal == max(-1, min(1, arousal))


@given(points, points, st.floats(0, 1))
def test_walking_towards_a_point_shortens_the_distance_by_the_share(a: Affect, b: Affect, share: float) -> None:
    there = a.towards(b, share)
    assert there.distance(b) == pytest.approx((1 - share) * a.distance(b), abs=1e-9)
    assert a.distance(there) == pytest.approx(share * a.distance(b), abs=1e-9)


def test_intensity_is_the_distance_from_neutral() -> None:
    assert Affect(0.6, -0.8).intensity == pytest.approx(1.0)
    assert Affect(0, 0).intensity == 0.0
