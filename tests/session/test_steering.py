from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from musicmed_desktop.affect import Affect
from musicmed_desktop.plan import Limits, Prescription, build_plan
from musicmed_desktop.session.steering import MOST, Steering
from tests.fakes.recordings import walk

coordinates = st.floats(-1, 1)
points = st.builds(Affect, coordinates, coordinates)
PLAN = walk("anxious", "calm")


def test_without_a_miss_the_aim_is_the_target() -> None:
    steering = Steering(PLAN)
    assert steering.aim(PLAN.steps[1].target) == PLAN.steps[1].target
    steering.heard(Affect(0.2, 0.3), Affect(0.2, 0.3))
    assert steering.aim(PLAN.steps[1].target) == PLAN.steps[1].target


def test_an_engine_that_always_misses_alike_is_brought_to_the_target() -> None:
    steering, target = Steering(PLAN), Affect(0.3, 0.2)
    for _ in range(40):
        aim = steering.aim(target)
        heard = Affect.clipped(aim.valence - 0.2, aim.arousal + 0.3)
        steering.heard(target, heard)
    assert heard.distance(target) < 0.01


def test_music_that_sounds_too_glad_is_not_made_sadder_than_the_listener() -> None:
    steering = Steering(PLAN)
    lowest = min(point.valence for point in PLAN.path)
    for _ in range(20):
        steering.heard(PLAN.path[0], Affect(1.0, 0.0))
    assert steering.aim(PLAN.path[0]).valence == lowest


@given(misses=st.lists(st.tuples(points, points), max_size=30), target=points)
def test_the_lean_is_bounded(misses: list[tuple[Affect, Affect]], target: Affect) -> None:
    calm = Prescription(
        start=Affect(-0.9, 0.9), target=Affect(0.5, -0.5), minutes=2, limits=Limits(greatest_intensity=0.6)
    )
    for plan in (PLAN, build_plan(calm, seed=1)):
        steering = Steering(plan)
        for wanted, heard in misses:
            steering.heard(wanted, heard)
        aim = steering.aim(target)
        assert aim.intensity <= plan.prescription.limits.greatest_intensity + 1e-9
        if plan is PLAN:
            assert abs(aim.arousal - target.arousal) <= MOST + 1e-9
            assert aim.valence <= max(target.valence + MOST, min(p.valence for p in plan.path)) + 1e-9


def test_after_a_miss_the_next_takes_aim_to_the_other_side() -> None:
    steering, target = Steering(PLAN), Affect(0.3, 0.2)
    again = steering.again(target, target, [Affect(0.3, 0.5), Affect(0.3, 0.3)])
    assert again.arousal < target.arousal
    assert again.valence == target.valence
    assert steering.again(target, again, [target, target]) == again
    assert steering.aim(target) == target  # the next step begins anew


@given(aim=points, heard=st.lists(points, min_size=1, max_size=4))
def test_another_aim_is_bounded_too(aim: Affect, heard: list[Affect]) -> None:
    target = PLAN.steps[0].target
    again = Steering(PLAN).again(target, aim, heard)
    assert abs(again.arousal - target.arousal) <= MOST + 1e-9
    assert again.valence >= min(point.valence for point in PLAN.path)
