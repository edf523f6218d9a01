from __future__ import annotations

import pytest

from musicmed_desktop.affect import Affect, mood
from musicmed_desktop.library import Entry, Interrupted
from musicmed_desktop.library.rest import rest
from musicmed_desktop.plan import Limits, Palette, Prescription, Waypoint, build_plan
from musicmed_desktop.plan.path import PathStyle
from musicmed_desktop.session.record import Change, Coordinates
from tests.fakes.records import record_of
from tests.fakes.sessions import NOON

ASKED = Prescription(start=mood("anxious").affect, target=mood("calm").affect, palette=Palette(instruments=("piano",)))


def begun(prescription: Prescription = ASKED, heard_s: float = 0.0, from_s: float = 0.0) -> Interrupted:
    """A session that was interrupted after `heard_s`; `prescription` holds from `from_s` on."""
    plan = build_plan(prescription, seed=0)
    record = record_of(plan)
    if from_s:
        path = tuple(map(Coordinates.of, plan.path))
        felt = Coordinates.of(prescription.start)
        change = Change(at_s=from_s, reason="moved", felt=felt, prescription=prescription, path=path, seed=0)
        void = change.model_copy(update={"path": (), "at_s": from_s + 1})  # was overtaken, and holds nothing
        record = record.model_copy(update={"changes": (change, void)})
    return Interrupted(Entry.of("id", NOON, record), record, heard_s)


@pytest.mark.parametrize("heard_s", [0.0, 30.0, 299.0, 450.0, 700.0, 899.0, 5_000.0])
@pytest.mark.parametrize("start", ["anxious", "sad", "calm"])
def test_the_rest_goes_on_from_the_point_that_was_heard(heard_s: float, start: str) -> None:
    asked = ASKED.model_copy(update={"start": mood(start).affect})
    plan = build_plan(asked, seed=3)
    left = rest(begun(prescription=asked, heard_s=heard_s))
    step = plan.steps[min(len(plan.steps) - 1, int(heard_s // 30))]
    assert left.start.distance(step.target) < 1e-5
    assert left.target == asked.target
    assert left.palette == asked.palette
    assert left.minutes == pytest.approx(max(2.0, 15 - heard_s / 60), abs=0.01)
    assert build_plan(left, seed=3).seconds == pytest.approx(60 * left.minutes)


def test_the_rest_of_a_changed_session_counts_from_the_change() -> None:
    left = rest(begun(from_s=300.0, heard_s=360.0))
    assert left.minutes == 14.0
    assert left.start.distance(build_plan(ASKED, seed=0).steps[2].target) < 1e-5


@pytest.mark.parametrize("style", ["arousal_first", "by_way_of_calm"])
def test_a_bend_that_was_passed_is_not_walked_to_again(style: PathStyle) -> None:
    asked = Prescription(start=Affect(-0.6, 0.7), target=Affect(0.6, 0.3), path=style)
    early, late = (rest(begun(prescription=asked, heard_s=heard)) for heard in (60.0, 700.0))
    assert early.path == style
    assert late.path == "straight"
    assert len(build_plan(late, seed=0).path) == 2


def test_waypoints_and_limits_go_along() -> None:
    asked = Prescription(
        start=Affect(-0.6, 0.7),
        target=Affect(0.6, 0.3),
        minutes=20.0,
        waypoints=(Waypoint(point=Affect(-0.2, 0.0), at=0.3), Waypoint(point=Affect(0.3, -0.4), at=0.7)),
        limits=Limits(negative_minutes=12.0),
    )
    left = rest(begun(prescription=asked, heard_s=600.0))
    (waypoint,) = left.waypoints
    assert waypoint.point == Affect(0.3, -0.4)
    assert waypoint.at == pytest.approx(0.4)
    assert left.limits == asked.limits
