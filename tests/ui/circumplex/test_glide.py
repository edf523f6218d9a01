from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicmed_desktop.affect import Affect
from musicmed_desktop.ui.circumplex.glide import TIME_CONSTANT_S, Glide

coordinates = st.floats(-1, 1)
points = st.builds(Affect, coordinates, coordinates)


@given(points, points, points, st.floats(0, 2))
def test_a_new_goal_does_not_move_the_point_at_once(first: Affect, second: Affect, third: Affect, at_s: float) -> None:
    glide = Glide(first, 0.0)
    glide.follow(second, 0.0)
    before = glide.at(at_s)
    glide.follow(third, at_s)
    assert glide.at(at_s).distance(before) < 0.003


@given(points, points)
def test_it_arrives(first: Affect, second: Affect) -> None:
    glide = Glide(first, 0.0)
    glide.follow(second, 10.0)
    assert glide.at(12.5) == second
    assert glide.arrived(12.5)


def test_it_comes_nearer_by_its_time_constant() -> None:
    glide = Glide(Affect(0, 0), 0.0)
    glide.follow(Affect(1, 0), 0.0)
    assert not glide.arrived(TIME_CONSTANT_S)
    assert glide.at(TIME_CONSTANT_S).valence == pytest.approx(0.632, abs=0.001)
