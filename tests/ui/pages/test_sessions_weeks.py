"""Before and after over the weeks: the picture, its words, its keys."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from musicmed_desktop.affect import Affect
from musicmed_desktop.library import Entry
from musicmed_desktop.ui.pages.sessions import SessionsPage
from musicmed_desktop.ui.pages.sessions.course import Course
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.theme import TOKENS, appearance
from tests.fakes.sessions import keep_session, tone_record
from tests.fakes.showing import shown, turn_wheel

LEFT = Qt.MouseButton.LeftButton
DAYS = (20, 12, 5, 1)  # ago, the oldest first


@pytest.fixture
def kept(services: Services) -> list[Entry]:
    now = datetime.now().astimezone()
    entries = [keep_session(services.library, now - timedelta(days=days)) for days in DAYS]
    for number in (0, 1, 3):
        entries[number] = services.library.change(entries[number].id, after=Affect(0.5, -0.5))
    return entries


@pytest.fixture
def page(services: Services, kept: list[Entry], qtbot: QtBot) -> SessionsPage:
    page = shown(qtbot, SessionsPage(services), 900, 700)
    qtbot.waitUntil(page.list.view.isVisible)
    QTest.mouseClick(page.ways.button(1), LEFT)
    qtbot.waitUntil(lambda: page.weeks.plots is not None and page.weeks.plots.isVisible())
    return page


def test_the_plotting_library_is_not_loaded_before_the_picture_is_shown() -> None:
    listing = "import sys; import musicmed_desktop.ui.pages.sessions; print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "PySide6.QtWidgets" in loaded
    assert "pyqtgraph" not in loaded


def test_the_picture_is_told_in_words(page: SessionsPage) -> None:
    words = "So far, 4 sessions, after 3 of which you said how you felt; you mostly left calmer and brighter"
    assert page.weeks.overview.text().startswith(words)
    assert page.weeks.overview.text() in page.weeks.accessibleDescription()


def test_arrow_keys_walk_from_session_to_session(page: SessionsPage, kept: list[Entry], qtbot: QtBot) -> None:
    page.weeks.setFocus()
    QTest.keyClick(page.weeks, Qt.Key.Key_Left)
    assert page.weeks.caption.text().startswith("Yesterday")
    assert "much calmer, much brighter" in page.weeks.caption.text()
    QTest.keyClick(page.weeks, Qt.Key.Key_Left)
    assert "not said" in page.weeks.caption.text()
    assert page.weeks.caption.text() in page.weeks.accessibleDescription()
    for _ in range(9):
        QTest.keyClick(page.weeks, Qt.Key.Key_Left)
    assert page.weeks.chosen == 0
    QTest.keyClick(page.weeks, Qt.Key.Key_Return)
    qtbot.waitUntil(page.list.view.isVisible)
    assert page.list.chosen == kept[0]


def test_pointing_at_a_session_tells_of_it_and_a_click_opens_it(
    page: SessionsPage, kept: list[Entry], qtbot: QtBot
) -> None:
    assert page.weeks.plots is not None
    plot = page.weeks.plots.plots[1]
    at = plot.getViewBox().mapViewToScene(QPointF(kept[1].started.timestamp(), 0.0))
    place = plot.mapFromScene(at)
    QTest.mouseMove(plot.viewport(), place + QPoint(6, 3))
    QTest.mouseMove(plot.viewport(), place)
    qtbot.waitUntil(lambda: page.weeks.chosen == 1)
    QTest.mouseClick(plot.viewport(), LEFT, pos=place)
    qtbot.waitUntil(page.list.view.isVisible)
    assert page.list.chosen == kept[1]


def test_the_span_changes_the_axis_and_the_words(page: SessionsPage) -> None:
    assert page.weeks.plots is not None
    QTest.keyClick(page.filters.span, Qt.Key.Key_Down)
    assert page.weeks.overview.text().startswith("In the last 4 weeks, 4 sessions")
    (first, last), _ = page.weeks.plots.plots[0].getViewBox().viewRange()
    assert timedelta(days=28) < timedelta(seconds=last - first) < timedelta(days=31)


def test_the_mouse_neither_zooms_nor_moves_nor_opens_a_menu(page: SessionsPage, qtbot: QtBot) -> None:
    assert page.weeks.plots is not None
    plot = page.weeks.plots.plots[0]
    before, middle = plot.getViewBox().viewRange(), plot.viewport().rect().center()
    assert not turn_wheel(plot.viewport())  # it is left to the page, which scrolls
    QTest.mousePress(plot.viewport(), LEFT, pos=middle)
    QTest.mouseMove(plot.viewport(), middle + QPoint(80, 30))
    QTest.mouseRelease(plot.viewport(), LEFT, pos=plot.viewport().rect().topLeft())
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.RightButton, pos=middle)
    for now, then in zip(plot.getViewBox().viewRange(), before, strict=True):
        assert now == pytest.approx(then, abs=1.0, rel=0)  # a second: the axis ends now
    assert QApplication.activePopupWidget() is None


def test_it_follows_the_look(page: SessionsPage) -> None:
    assert page.weeks.plots is not None
    plot = page.weeks.plots.plots[0]
    appearance().apply("dark", 175)
    assert plot.backgroundBrush().color() == QColor(TOKENS["dark"].surface)
    assert plot.minimumHeight() == 262
    assert page.horizontalScrollBar().maximum() == 0


def test_the_picture_is_made_ready_as_soon_as_the_page_is_shown(services: Services, qtbot: QtBot) -> None:
    page = shown(qtbot, SessionsPage(services))
    qtbot.waitUntil(lambda: page.weeks.plots is not None)
    assert not page.weeks.isVisible()


def test_thousands_of_sessions_are_drawn_as_averages() -> None:
    start = datetime(2025, 1, 1, tzinfo=UTC)
    one = Entry.of("x", start, tone_record()).changed(before=Affect(-0.5, 0.5))
    days = [one.changed(started=start + timedelta(days=day)) for day in range(700)]
    entries = [day.changed(after=Affect(0.1, -0.1)) if number % 2 else day for number, day in enumerate(days)]
    drawn = Course.of(entries).to_draw()
    assert drawn.averaged == "a week"
    assert len(drawn.times) == 100
    assert drawn.before[50] == pytest.approx((-0.5, 0.5))
    assert drawn.after[50] == pytest.approx((0.1, -0.1))
    assert (drawn.times[1] - drawn.times[0]) / 86400 == pytest.approx(7)


def test_averages_compare_what_was_felt_before_with_what_was_felt_after_the_same_sessions() -> None:
    start = datetime(2025, 1, 1, tzinfo=UTC)
    low, high = Affect(-0.8, 0.0), Affect(0.4, 0.0)
    entries = [
        Entry.of("x", start + timedelta(minutes=minute), tone_record()).changed(
            before=high if minute % 2 else low, after=Affect(0.6, 0.2) if minute % 2 else None
        )
        for minute in range(300)
    ]
    drawn = Course.of(entries).to_draw()
    assert (drawn.before[0, 0], drawn.after[0, 0]) == pytest.approx((0.4, 0.6))
    unsaid = Course.of([entry.changed(after=None) for entry in entries]).to_draw()
    assert unsaid.before[0, 0] == pytest.approx(-0.2)
    assert np.isnan(unsaid.after[0]).all()


def test_few_sessions_are_drawn_one_by_one_and_the_nearest_is_found() -> None:
    one = Entry.of("x", datetime(2025, 1, 1, tzinfo=UTC), tone_record())
    course = Course.of([one.changed(started=one.started + timedelta(days=day)) for day in (0, 10, 11)])
    assert course.to_draw() is course
    assert [course.nearest(float(course.times[0]) + day * 86400) for day in (-9, 4, 6, 10.6, 99)] == [0, 0, 1, 2, 2]
