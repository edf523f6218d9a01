from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from musicmed_desktop.affect import Affect, moods
from musicmed_desktop.ui.circumplex.disc import REACH, Disc, reachable

lengths = st.floats(100, 2000)
coordinates = st.floats(-1, 1)
discs = st.builds(Disc.within, lengths, lengths, st.floats(0, 40))


@given(discs, coordinates, coordinates)
def test_there_and_back(disc: Disc, valence: float, arousal: float) -> None:
    affect = reachable(valence, arousal)
    assert disc.affect(disc.position(affect)).distance(affect) < 1e-9


@given(discs, st.floats(-3000, 3000), st.floats(-3000, 3000))
def test_every_position_has_a_point_inside_the_rim(disc: Disc, x: float, y: float) -> None:
    affect = disc.affect((x, y))
    assert affect.intensity <= REACH + 1e-9
    assert math.dist(disc.position(affect), disc.centre) <= disc.radius + 1e-6


@given(lengths, lengths, st.floats(0, 40))
def test_the_disc_is_round_and_in_the_middle(width: float, height: float, margin: float) -> None:
    disc = Disc.within(width, height, margin)
    assert disc.centre == (width / 2, height / 2)
    assert disc.radius == min(width, height) / 2 - margin


def test_right_is_pleasant_and_up_is_lively() -> None:
    disc = Disc((100, 100), 60)
    assert disc.position(Affect(1, 0)) == (150, 100)
    assert disc.position(Affect(0, 1)) == (100, 50)


def test_a_point_within_the_rim_is_not_moved_and_one_beyond_keeps_its_direction() -> None:
    assert reachable(0.3, -0.9) == Affect(0.3, -0.9)
    beyond = reachable(3.0, 3.0)
    assert beyond.valence == beyond.arousal
    assert math.isclose(beyond.intensity, REACH)


def test_nearly_every_mood_can_be_pointed_at() -> None:
    assert max(mood.affect.distance(reachable(mood.affect.valence, mood.affect.arousal)) for mood in moods()) < 0.1
