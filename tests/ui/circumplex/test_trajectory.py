from __future__ import annotations

from random import Random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPaintEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from musicmed_desktop.affect import Affect, mood
from musicmed_desktop.ui.circumplex.colours import time_colour
from musicmed_desktop.ui.circumplex.trajectory import TrajectoryView
from musicmed_desktop.ui.circumplex.walk import Walk, walk_of_plan, walk_of_record
from musicmed_desktop.ui.circumplex.words import why
from musicmed_desktop.ui.theme import Theme, appearance
from tests.fakes.recordings import walk
from tests.fakes.records import record_of
from tests.fakes.showing import shown

# A tooltip asks for more than a screen that nobody sees can do.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)


class Watched(TrajectoryView):
    """Notes how much of it is painted each time."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[int] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted.append(event.rect().width() * event.rect().height())
        super().paintEvent(event)


@pytest.fixture
def whole() -> Walk:
    return walk_of_record(record_of(walk("anxious", "calm", minutes=15.0)))


@pytest.fixture
def view(qtbot: QtBot) -> Watched:
    return shown(qtbot, Watched(), 600, 560)


def where(view: TrajectoryView, affect: Affect) -> QPoint:
    return view.canvas.at(affect).toPoint()


def colour_at(view: TrajectoryView, affect: Affect) -> QColor:
    image: QImage = view.grab().toImage()
    return QColor(image.pixel(where(view, affect)))


def alike(one: QColor, other: QColor, tolerance: int = 12) -> bool:
    pairs = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return all(abs(a - b) <= tolerance for a, b in pairs)


def lonely(drawn: Walk) -> int:
    """The measured step that lies farthest from everything else that is drawn."""
    others = [*drawn.curve, *drawn.plateaus]

    def room(index: int) -> float:
        here = drawn.steps[index].heard
        clips = (step.heard for step in drawn.steps if step.index != index)
        return min(here.distance(other) for other in (*others, *clips))

    return max(range(len(drawn.steps)), key=room)


def test_without_a_walk_there_is_the_bare_circumplex(view: Watched, qtbot: QtBot) -> None:
    view.set_position(10.0)
    assert view.why == ""
    assert view.point is None
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.mouseMove(view, QPoint(300, 280))
    assert view.why == ""


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_the_point_is_drawn_where_the_music_is(view: Watched, whole: Walk, theme: Theme) -> None:
    appearance().apply(theme, 100)
    view.set_walk(whole)
    assert view.point == whole.place(0.0)
    assert alike(colour_at(view, whole.place(0.0)), time_colour(appearance().tokens, 0.0))


def test_the_point_glides_to_a_later_moment(view: Watched, whole: Walk, qtbot: QtBot) -> None:
    view.set_walk(whole)
    view.set_position(600.0)
    started = view.point
    assert started is not None
    assert started.distance(whole.place(0.0)) < 0.05 < started.distance(whole.place(600.0))
    qtbot.waitUntil(lambda: view.point == whole.place(600.0), timeout=4000)
    assert alike(colour_at(view, whole.place(600.0)), time_colour(appearance().tokens, whole.share(600.0)))


def test_heard_clips_are_filled_and_later_ones_hollow(view: Watched, whole: Walk) -> None:
    step = whole.steps[lonely(whole)]
    wanted = time_colour(appearance().tokens, step.index / (len(whole.steps) - 1))
    view.set_walk(whole)
    view.set_position(step.start_s)
    assert not alike(colour_at(view, step.heard), wanted)
    view.set_position(step.end_s)
    assert alike(colour_at(view, step.heard), wanted)


def test_while_the_music_plays_only_the_point_is_painted(view: Watched, whole: Walk, qtbot: QtBot) -> None:
    view.set_walk(whole)
    view.set_position(16.0)
    qtbot.wait(50)
    view.painted.clear()
    for frame in range(100):  # no middle of a step lies in between
        view.set_position(16.0 + frame / 10)
        qtbot.wait(1)
    assert len(view.painted) > 20
    assert max(view.painted) < 0.1 * 600 * 560


def test_a_clip_is_explained_under_the_mouse(view: Watched, whole: Walk, qtbot: QtBot) -> None:
    view.set_walk(whole)
    step = whole.steps[lonely(whole)]
    with qtbot.waitSignal(view.hovered) as told:
        QTest.mouseMove(view, where(view, step.heard))
    assert told.args == [why(step)]
    assert view.why == why(step)
    with qtbot.waitSignal(view.hovered) as told:
        QTest.mouseMove(view, QPoint(3, 3))
    assert told.args == [""]
    assert view.why == why(whole.steps[0])


def test_a_plateau_is_explained_as_a_whole(view: Watched, qtbot: QtBot) -> None:
    planned = walk_of_plan(walk("anxious", "calm", minutes=15.0))
    view.set_walk(planned)
    with qtbot.waitSignal(view.hovered) as told:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=where(view, planned.steps[-1].target))
    assert told.args == [why(planned.plateau(planned.steps[-1]))]
    assert view.why.startswith("From 12:")


def test_the_keys_walk_through_the_steps(view: Watched, whole: Walk, qtbot: QtBot) -> None:
    view.set_walk(whole)
    view.set_position(95.0)
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.why == why(whole.steps[3])
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.why == why(whole.steps[4])
    ring = where(view, whole.steps[4].heard) + QPoint(12, 0)
    assert alike(QColor(view.grab().toImage().pixel(ring)), QColor(appearance().tokens.focus), 60)
    spoken = QAccessible.queryAccessibleInterface(view)
    assert spoken.text(QAccessible.Text.Description) == why(whole.steps[4])
    for _ in range(9):
        QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.why == why(whole.steps[0])
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.why == why(whole.steps[3])


def test_what_is_asked_for_learns_of_its_measurement(view: Watched, qtbot: QtBot) -> None:
    planned = walk_of_plan(walk("anxious", "calm", minutes=5.0))
    view.set_walk(planned)
    QTest.keyClick(view, Qt.Key.Key_Right)
    measured = planned.with_measured(0.0, planned.steps[0].target)
    view.set_walk(measured)
    assert view.why.endswith("It came out as planned.")
    view.set_walk(None)
    assert view.why == ""


def test_measurements_arrive_without_a_jump(view: Watched, qtbot: QtBot) -> None:
    chance = Random(1)
    drawn = walk_of_plan(walk("sad", "happy", minutes=5.0))
    view.set_walk(drawn)
    for step in drawn.steps:
        before = view.point
        drawn = drawn.with_measured(step.start_s, Affect(chance.uniform(-1, 1), chance.uniform(-1, 1)))
        view.set_walk(drawn)
        assert before is not None
        assert view.point is not None
        assert view.point.distance(before) < 0.1
        qtbot.wait(1)


def test_before_and_after_are_marked(view: Watched, whole: Walk) -> None:
    after = Affect(0.5, 0.4)
    view.set_walk(whole)
    ring = where(view, after) + QPoint(10, 0)
    ink = QColor(appearance().tokens.ink)
    assert not alike(QColor(view.grab().toImage().pixel(ring)), ink)
    view.set_marks(before=mood("anxious").affect, after=after)
    assert alike(QColor(view.grab().toImage().pixel(ring)), ink, 60)


def test_a_new_look_is_shown_at_once(view: Watched, whole: Walk) -> None:
    view.set_walk(whole)
    light = colour_at(view, Affect(0.7, 0.7))
    appearance().apply("dark", 175)
    dark = colour_at(view, Affect(0.7, 0.7))
    assert dark.value() < light.value() - 60
    assert view.minimumSizeHint().width() == 560
