"""The iso principle as invariants: meet the mood, walk, never amplify."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicmed_desktop.affect import Affect, mood
from musicmed_desktop.plan.path import Path, PathStyle, iso_path, point_at, vertex_shares

coordinates = st.floats(-1, 1).map(lambda value: round(value, 6))
points = st.builds(Affect, coordinates, coordinates)
shares = st.floats(0, 1)
styles = st.sampled_from(["auto", "straight", "arousal_first", "by_way_of_calm"])


def between(start: str, target: str, style: PathStyle = "auto") -> Path:
    return iso_path(mood(start).affect, mood(target).affect, style)


def share_done(path: Path, at: float, axis: str) -> float:
    """How much of the way from start to target is done on one axis."""
    start, target = getattr(path[0], axis), getattr(path[-1], axis)
    return float((getattr(point_at(path, at), axis) - start) / (target - start))


@given(points, points, styles, st.lists(points, max_size=3), shares)
def test_a_path_never_amplifies(
    start: Affect, target: Affect, style: PathStyle, waypoints: list[Affect], share: float
) -> None:
    asked = [start, *waypoints, target]
    here = point_at(iso_path(start, target, style, waypoints), share)
    assert here.valence >= min(point.valence for point in asked) - 1e-9
    assert here.intensity <= max(point.intensity for point in asked) + 1e-9


@given(points, points, styles, st.lists(points, max_size=3))
def test_a_path_begins_ends_and_passes_exactly_where_it_should(
    start: Affect, target: Affect, style: PathStyle, waypoints: list[Affect]
) -> None:
    path = iso_path(start, target, style, waypoints)
    assert point_at(path, 0.0) == path[0] == start
    assert point_at(path, 1.0) == path[-1] == target
    places = vertex_shares(path)
    assert [point_at(path, place) for place in places[-1 - len(waypoints) : -1]] == waypoints
    assert list(places) == sorted(places)


@given(points, points, styles, shares, shares)
def test_places_on_a_path_are_measured_in_its_length(
    start: Affect, target: Affect, style: PathStyle, a: float, b: float
) -> None:
    path = iso_path(start, target, style)
    length = sum(here.distance(there) for here, there in pairwise(path))
    walked = abs(a - b) * length
    assert point_at(path, a).distance(point_at(path, b)) <= walked + 1e-9
    if len(path) == 2:
        assert point_at(path, a).distance(point_at(path, b)) == pytest.approx(walked, abs=1e-9)


@pytest.mark.parametrize("start", ["anxious", "angry", "stressed", "panicky", "overwhelmed"])
@pytest.mark.parametrize("target", ["calm", "content", "hopeful", "happy", "sleepy"])
def test_from_distress_arousal_falls_before_valence_rises(start: str, target: str) -> None:
    path = between(start, target)
    turn = vertex_shares(path)[1]
    assert point_at(path, turn).arousal == pytest.approx(0.0)
    before = [point_at(path, turn * i / 10).arousal for i in range(11)]
    assert before == sorted(before, reverse=True)
    assert share_done(path, turn, "valence") < 0.25 or target == "sleepy"


def test_from_anger_to_calm_half_the_arousal_goes_with_a_tenth_of_the_valence() -> None:
    path = between("angry", "calm")
    turn = vertex_shares(path)[1]
    assert share_done(path, turn, "arousal") > 0.45
    assert share_done(path, turn, "valence") < 0.15


def test_from_sadness_the_way_is_straight_or_by_way_of_calm() -> None:
    assert between("sad", "happy") == (mood("sad").affect, mood("happy").affect)
    _, calm, _ = between("sad", "happy", "by_way_of_calm")
    assert calm.valence > 0
    assert calm.arousal < mood("sad").affect.arousal


def test_from_one_distress_to_another_there_is_no_detour() -> None:
    assert len(between("panicky", "restless")) == 2


@pytest.mark.parametrize("target", ["calm", "sleepy", "joyful"])
def test_arousal_first_is_straight_where_arousal_has_nothing_to_fall_from(target: str) -> None:
    assert len(between("sad", target, "arousal_first")) == 2


def test_a_path_to_where_one_is_already_stays_there() -> None:
    here = mood("content").affect
    path = iso_path(here, here)
    assert vertex_shares(path) == (0.0, 1.0)
    assert point_at(path, 0.5) == here
