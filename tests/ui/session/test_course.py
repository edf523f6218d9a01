from __future__ import annotations

from musicmed_desktop.affect import Affect
from musicmed_desktop.recognition.base import Measurement
from musicmed_desktop.session.events import Replanned, StepMeasured, StepStarted
from musicmed_desktop.ui.session.course import Course
from musicmed_desktop.ui.session.state import Making
from tests.fakes.recordings import walk

HEARD = Affect(0.1, -0.2)


def measured(course: Course, index: int) -> Course:
    step = course.plan.steps[index]
    return course.after(StepMeasured(step, Measurement(HEARD, {}), 1, step.target, 7))


def test_the_making_follows_the_steps() -> None:
    course = Course.of(walk(minutes=2.0))
    assert course.making == Making(1, 4)
    course = course.after(StepStarted(course.plan.steps[2], 60.0))
    assert course.making == Making(3, 4)
    assert measured(course, 2).making == Making(3, 4)
    assert measured(course, 3).making == Making(4, 4, complete=True)


def test_what_is_measured_comes_to_its_step_of_the_plan_that_holds() -> None:
    plan = walk("worried", "calm", minutes=1.0)
    course = Course.of(walk(minutes=2.0)).after(Replanned(plan, 40.0, "worse", HEARD))
    assert (course.plan, course.start_s, course.making) == (plan, 40.0, Making(1, 2))
    course = measured(course, 1)
    assert [step.measured for step in course.walk.steps] == [None, None, None, HEARD]
    assert course.walk.seconds == 100.0
