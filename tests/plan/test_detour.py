from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from musicmed_desktop.affect import Affect, mood
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan import Prescription, build_plan, parse_prescription
from musicmed_desktop.plan.detour import calm_now, from_here

CALM = mood("calm").affect
FELT = Affect(-0.4, -0.3)
coordinates = st.floats(-1, 1).map(lambda value: round(value, 6))
points = st.tuples(coordinates, coordinates)


def asked(start: Any = "anxious", target: Any = "happy", **fields: Any) -> Prescription:
    return parse_prescription({"start": start, "target": target, **fields})


KEPT: dict[str, Any] = {
    "palette": {"instruments": ["piano"], "genres": ["ambient"]},
    "limits": {"lowest_valence": -0.7, "greatest_intensity": 1.2, "negative_minutes": 8.0},
    "note": "after the night shift",
}


def test_calm_at_once_is_calm_from_its_start_to_its_end() -> None:
    before = asked(path="by_way_of_calm", waypoints=[{"point": "peaceful", "at": 0.5}], **KEPT)
    after = calm_now(before, elapsed_s=300)
    assert after.start == after.target == CALM
    assert after.minutes == 10.0
    assert after.path == "straight"
    assert after.waypoints == ()
    assert (after.palette, after.limits, after.note) == (before.palette, before.limits, before.note)
    assert {step.target for step in build_plan(after, 1).steps} == {CALM}


def test_calm_keeps_to_the_limits() -> None:
    after = calm_now(asked(limits={"greatest_intensity": 0.5}), 0)
    assert after.start == after.target
    assert after.start.intensity == pytest.approx(0.5, abs=1e-5)


@pytest.mark.parametrize(
    ("minutes", "elapsed_s", "calm", "rest"),
    [(15, 0, 15, 15), (15, 100, 13.33, 13.33), (15, 780, 3, 2), (15, 1000, 3, 2), (1, 30, 3, 2), (60, -5, 60, 60)],
)
def test_the_rest_is_what_is_left_or_a_little_more(minutes: float, elapsed_s: float, calm: float, rest: float) -> None:
    before = asked(minutes=minutes)
    assert calm_now(before, elapsed_s).minutes == calm
    assert from_here(before, FELT, elapsed_s).minutes == rest


def test_from_here_leads_from_what_is_felt_to_the_same_target() -> None:
    before = asked(path="straight", **KEPT)
    after = from_here(before, FELT, elapsed_s=300)
    assert after.start == FELT
    assert after.target == before.target
    assert after.path == before.path
    assert (after.palette, after.limits, after.note) == (before.palette, before.limits, before.note)


def test_waypoints_to_come_keep_their_moments() -> None:
    waypoints = [{"point": word, "at": at} for word, at in (("sad", 0.2), ("peaceful", 0.5), ("calm", 0.8))]
    after = from_here(asked(waypoints=waypoints), FELT, elapsed_s=300)
    assert [waypoint.point for waypoint in after.waypoints] == [mood("peaceful").affect, CALM]
    assert [waypoint.at for waypoint in after.waypoints] == pytest.approx([2.5 / 10, 7 / 10])


def test_waypoints_that_no_longer_fit_are_left_out() -> None:
    waypoints = [{"point": word, "at": at} for word, at in (("sad", 0.90), ("peaceful", 0.93), ("calm", 0.97))]
    after = from_here(asked(waypoints=waypoints), FELT, elapsed_s=13 * 60)
    assert [waypoint.point for waypoint in after.waypoints] == [mood("peaceful").affect, CALM]
    assert from_here(asked(waypoints=waypoints), FELT, elapsed_s=14.7 * 60).waypoints == ()


def test_a_target_that_the_limits_forbid_so_soon_is_raised() -> None:
    shares = {"match": 0.4, "transition": 0.4, "settle": 0.2}
    before = asked("happy", "sad", shares=shares, limits={"negative_minutes": 7})
    build_plan(before, 1)
    after = from_here(before, FELT, elapsed_s=60)
    assert after.target == Affect(0.0, before.target.arousal)
    assert sum(step.duration_s for step in build_plan(after, 1).steps if step.target.valence < 0) <= 7 * 60


@given(
    points,
    points,
    points,
    st.floats(1, 60),
    st.floats(0, 4000),
    st.lists(st.tuples(points, st.floats(0, 1)), max_size=4).map(lambda found: sorted(found, key=lambda pair: pair[1])),
    st.one_of(st.none(), st.floats(0, 60)),
    st.floats(-1, 0),
)
def test_what_could_be_planned_can_be_planned_anew(
    start: Any, target: Any, felt: Any, minutes: float, elapsed_s: float, waypoints: Any, negative: Any, lowest: float
) -> None:
    try:
        before = asked(
            start,
            target,
            minutes=minutes,
            waypoints=[{"point": point, "at": at} for point, at in waypoints],
            limits={"negative_minutes": negative, "lowest_valence": lowest},
        )
        build_plan(before, 1)
    except UserError:
        reject()
    for after in (calm_now(before, elapsed_s), from_here(before, Affect(*felt), elapsed_s)):
        made = build_plan(after, 1)
        assert made.seconds == pytest.approx(after.minutes * 60)
        assert {waypoint.point for waypoint in after.waypoints} <= {waypoint.point for waypoint in before.waypoints}
