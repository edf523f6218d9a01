"""The ways between the pages while a session runs, and after it."""

from __future__ import annotations

from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from musicmed_desktop.affect import mood
from musicmed_desktop.engines.base import Cancelled
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Entry
from musicmed_desktop.ui.places import Places
from musicmed_desktop.ui.selftest.hands import click, find_button
from musicmed_desktop.ui.selftest.visit import point_at
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import CheckIn, Ended, SessionController
from musicmed_desktop.ui.window import Window
from tests.fakes.engines import MovingEngine
from tests.ui.conftest import ToneMakers

CHECK_IN = CheckIn(before=mood("anxious").affect, wished=mood("calm").affect, minutes=2.0)


@pytest.fixture
def places(window: Window) -> Places:
    return window.places


def listen(qtbot: QtBot, controller: SessionController, until_s: float = 1.0) -> None:
    controller.begin(CHECK_IN)
    qtbot.waitUntil(lambda: controller.position_s > until_s, timeout=10_000)


def kept(qtbot: QtBot, controller: SessionController, places: Places) -> Entry:
    """A session that was stopped when there was something to keep; its question is not answered."""
    listen(qtbot, controller, until_s=35.0)
    click(find_button(places, "Stop the session"))
    with qtbot.waitSignal(controller.ended, timeout=10_000) as ended:
        pass
    assert ended.args is not None
    outcome = ended.args[0]
    assert isinstance(outcome, Ended)
    assert outcome.entry is not None
    return outcome.entry


def test_start_may_be_double_clicked(
    qtbot: QtBot, window: Window, places: Places, controller: SessionController
) -> None:
    """The second click lands where Stop has come."""
    point_at(places.check_in.feeling.pad, "anxious")
    click(find_button(places.check_in, "Calm"))
    qtbot.waitUntil(places.check_in.start.isEnabled)
    start = places.check_in.start
    at = start.mapTo(window, start.rect().center())
    none = Qt.KeyboardModifier.NoModifier
    QTest.mouseDClick(window.windowHandle(), Qt.MouseButton.LeftButton, none, at)
    qtbot.waitUntil(lambda: controller.position_s > 3, timeout=10_000)
    assert places.here == "listening"
    assert places.listening.transport.stop_button.geometry().isValid()


def test_two_musics_never_sound_at_once(qtbot: QtBot, places: Places, controller: SessionController) -> None:
    entry = kept(qtbot, controller, places)
    listen(qtbot, controller)
    places.go("sessions")
    places.open_replay(entry)
    assert places.here == "sessions"
    assert places.notice.isVisible()
    places.go("settings")
    places.settings.introduction_requested.emit()  # it has a sound check
    assert places.here == "settings"


def test_a_replay_that_opens_late_does_not_break_into_a_session(
    qtbot: QtBot, services: Services, places: Places, controller: SessionController
) -> None:
    entry = kept(qtbot, controller, places)
    go_on = Event()
    services.tasks.run(go_on.wait)
    places.go("sessions")
    places.open_replay(entry)
    listen(qtbot, controller)
    go_on.set()
    done = Event()
    services.tasks.run(done.set)
    qtbot.waitUntil(done.is_set)
    qtbot.wait(50)
    assert places.here == "listening"
    assert places.replay.player is None


def test_stopped_from_elsewhere_it_takes_no_more_wishes(
    qtbot: QtBot, places: Places, controller: SessionController
) -> None:
    listen(qtbot, controller)
    places.go("help")
    click(find_button(places, "Stop the music"))
    assert not places.listening.transport.worse_button.isEnabled()


def test_a_question_that_was_left_is_found_again(qtbot: QtBot, places: Places, controller: SessionController) -> None:
    kept(qtbot, controller, places)
    click(find_button(places, "Help in a crisis"))
    click(find_button(places, "New session"))
    assert places.here == "check_out"
    click(find_button(places, "Skip this question"))
    click(places.rail.buttons["check_in"])
    assert places.here == "check_in"


def test_nobody_is_led_away_from_where_help_is(qtbot: QtBot, places: Places, controller: SessionController) -> None:
    listen(qtbot, controller)
    places.go("help")
    with qtbot.waitSignal(controller.ended, timeout=30_000):
        pass
    assert places.here == "help"
    click(find_button(places, "New session"))
    assert places.here == "check_out"


def test_what_could_not_begin_can_be_tried_again_as_it_was(
    qtbot: QtBot, services: Services, places: Places, controller: SessionController, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(cancelled: Cancelled) -> None:
        raise UserError("The disk is gone.", "Plug it in.")

    point_at(places.check_in.feeling.pad, "anxious")
    click(find_button(places.check_in, "Calm"))
    qtbot.waitUntil(places.check_in.start.isEnabled)
    asked = places.check_in.check_in
    monkeypatch.setattr(services.makers, "engine", refuse)
    with qtbot.waitSignal(controller.ended, timeout=10_000):
        click(places.check_in.start)
    assert places.check_in.check_in == asked
    assert places.check_in.start.isEnabled()


def test_an_engine_that_moves_is_told_at_the_foot_of_the_window(
    qtbot: QtBot, services: Services, places: Places, controller: SessionController
) -> None:
    assert isinstance(services.makers, ToneMakers)
    services.makers.played = MovingEngine(2)
    details = places.listening.display.details
    details.toggle.setChecked(True)
    with qtbot.waitSignal(controller.ended, timeout=30_000):
        places.start(CHECK_IN)
        qtbot.waitUntil(lambda: "Tones are played." in details.text)
        qtbot.waitUntil(lambda: places.notice.isVisible(), timeout=20_000)
        assert places.notice.accessibleName().startswith("Your music goes on")
        qtbot.waitUntil(lambda: "Tones are played more slowly." in details.text)


@pytest.mark.parametrize("size", [(720, 560), (960, 680)])
def test_the_ways_out_are_whole_however_large_the_text(
    qtbot: QtBot,
    services: Services,
    window: Window,
    places: Places,
    controller: SessionController,
    size: tuple[int, int],
) -> None:
    window.resize(*size)
    services.preferences.change(text_size=175)
    listen(qtbot, controller)
    transport = places.listening.transport
    for way_out in (transport.worse_button, transport.stop_button):
        qtbot.waitUntil(lambda b=way_out: b.visibleRegion().boundingRect() == b.rect())  # type: ignore[misc]
