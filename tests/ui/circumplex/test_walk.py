from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicmed_desktop.affect import Affect, mood
from musicmed_desktop.plan import Prescription, build_plan
from musicmed_desktop.session.record import Change, Coordinates
from musicmed_desktop.ui.circumplex.walk import Walk, walk_of_plan, walk_of_record
from tests.fakes.recordings import walk
from tests.fakes.records import record_of

coordinates = st.floats(-1, 1)
points = st.builds(Affect, coordinates, coordinates)
CALM = mood("calm").affect


@st.composite
def walks(draw: st.DrawFn) -> Walk:
    """Some clips measured, some not, perhaps planned anew once."""
    minutes = draw(st.sampled_from([1.0, 4.0, 15.0]))
    drawn = walk_of_plan(build_plan(Prescription(start=draw(points), target=draw(points), minutes=minutes), seed=1))
    for step in drawn.steps:
        if draw(st.booleans()):
            drawn = drawn.with_measured(step.start_s, draw(points))
    if draw(st.booleans()):
        at_s = draw(st.floats(1.0, drawn.seconds - 1))
        drawn = drawn.replanned(build_plan(Prescription(start=draw(points), target=CALM, minutes=2), seed=2), at_s)
    return drawn


@settings(max_examples=50, deadline=None)
@given(drawn=walks(), share=st.floats(0, 1))
def test_the_place_never_jumps(drawn: Walk, share: float) -> None:
    """No step of the curve is longer than the circumplex is wide, so a hundredth of the shortest moves little."""
    at_s = share * drawn.seconds
    shortest = min(b.middle_s - a.middle_s for a, b in pairwise(drawn.steps))
    here, there = drawn.place(at_s), drawn.place(at_s + shortest / 1000)
    assert here.distance(there) < 0.05


@settings(max_examples=50, deadline=None)
@given(drawn=walks())
def test_the_steps_tile_the_session(drawn: Walk) -> None:
    assert [step.index for step in drawn.steps] == list(range(len(drawn.steps)))
    assert drawn.steps[0].start_s == 0
    assert all(a.end_s == pytest.approx(b.start_s) for a, b in pairwise(drawn.steps))
    assert drawn.steps[-1].end_s == pytest.approx(drawn.seconds)
    assert sum(drawn.plateaus.values()) == len(drawn.steps)


@settings(max_examples=50, deadline=None)
@given(drawn=walks(), share=st.floats(0, 1))
def test_the_trail_ends_at_the_place(drawn: Walk, share: float) -> None:
    at_s = share * drawn.seconds
    trail = drawn.trail(at_s)
    assert trail[0] == drawn.curve[0]
    assert trail[-1] == drawn.place(at_s)
    heard = drawn.passed(at_s)
    if heard:
        assert trail[-len(drawn.trail(at_s, since=heard - 1)) :] == drawn.trail(at_s, since=heard - 1)


def test_the_place_goes_from_the_first_clip_to_the_last() -> None:
    drawn = walk_of_plan(walk("anxious", "calm", minutes=15.0))
    assert drawn.place(-5) == drawn.place(0) == drawn.curve[0]
    assert drawn.place(drawn.seconds) == drawn.place(9999) == drawn.curve[-1]
    assert drawn.place(0).distance(mood("anxious").affect) < 0.1
    assert drawn.place(drawn.seconds).distance(CALM) < 0.1
    assert drawn.share(0) == 0
    assert drawn.share(drawn.seconds) == 1


def test_a_measurement_draws_the_place_to_it() -> None:
    drawn = walk_of_plan(walk("calm", "calm", minutes=5.0))
    step = drawn.steps[4]
    heard = Affect(-0.5, 0.5)
    measured = drawn.with_measured(step.start_s + 0.4, heard)
    assert measured.steps[4].measured == heard
    assert [s.index for s in measured.steps if s.measured] == [4]
    assert measured.place(step.middle_s).distance(heard) < drawn.place(step.middle_s).distance(heard)
    assert drawn.steps[4].measured is None


def test_the_step_at_a_moment() -> None:
    drawn = walk_of_plan(walk("sad", "happy", minutes=5.0))
    assert drawn.step_at(-1).index == 0
    assert drawn.step_at(29.9).index == 0
    assert drawn.step_at(30.0).index == 1
    assert drawn.step_at(1e6).index == len(drawn.steps) - 1
    assert [drawn.passed(at_s) for at_s in (0, 14.9, 15.0, 45.0, 300.0)] == [0, 0, 1, 2, 10]


def test_a_plateau_is_all_neighbours_with_the_same_target() -> None:
    drawn = walk_of_plan(walk("anxious", "calm", minutes=15.0)).with_measured(0.0, CALM)
    whole = drawn.plateau(drawn.steps[1])
    assert whole.start_s == 0
    assert whole.duration_s == 30 * drawn.plateaus[drawn.steps[0].target]
    assert whole.measured is None
    assert drawn.plateau(drawn.steps[-1]).end_s == drawn.seconds


def test_a_new_plan_goes_on_from_where_the_old_one_is_left() -> None:
    drawn = walk_of_plan(walk("anxious", "calm", minutes=15.0)).with_measured(60.0, CALM)
    plan = build_plan(Prescription(start=Affect(-0.8, 0.8), target=CALM, minutes=10), seed=5)
    anew = drawn.replanned(plan, 100.0)
    assert [step.duration_s for step in anew.steps[:5]] == [30, 30, 30, 10, 30]
    assert anew.steps[2].measured == CALM
    assert anew.steps[4].start_s == 100.0
    assert anew.steps[4].target == plan.steps[0].target
    assert anew.seconds == 700.0
    assert (anew.start, anew.target) == (drawn.start, CALM)
    assert anew.paths == (drawn.paths[0], plan.path)
    assert anew.with_measured(100.0 + plan.steps[1].start_s, CALM).steps[5].measured == CALM


def test_a_kept_session_is_the_same_walk_with_its_measurements() -> None:
    plan = walk("anxious", "calm", minutes=5.0)
    record = record_of(plan)
    drawn = walk_of_record(record)
    assert [step.measured for step in drawn.steps] == [step.measured.affect for step in record.steps]
    assert drawn.steps[3].prompt == plan.steps[3].prompt.text
    assert drawn.seconds == record.audio.duration_s
    assert len(drawn.paths) == 1


def test_a_kept_session_has_a_path_for_each_change() -> None:
    plan = walk("anxious", "calm", minutes=5.0)
    path = (Coordinates(valence=-0.8, arousal=0.8), Coordinates(valence=0.6, arousal=-0.8))
    change = Change(at_s=100.0, reason="worse", felt=path[0], prescription=plan.prescription, path=path, seed=1)
    drawn = walk_of_record(record_of(plan).model_copy(update={"changes": (change,)}))
    assert drawn.paths[1] == (Affect(-0.8, 0.8), Affect(0.6, -0.8))
    assert drawn.target == Affect(0.6, -0.8)
