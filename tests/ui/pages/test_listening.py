"""The listening page, with a session that does as it is told."""

from __future__ import annotations

import time
from statistics import median
from typing import cast

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMainWindow, QScrollArea, QSlider, QWidget
from pytestqt.qtbot import QtBot

from musicmed_desktop.affect import Affect
from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.pages.listening import ListeningPage
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import Making, SessionController
from musicmed_desktop.ui.theme import appearance
from musicmed_desktop.ui.theme.appearance import ThemeChoice
from tests.fakes.players import ScriptedController

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def session() -> ScriptedController:
    return ScriptedController()


@pytest.fixture
def page(qtbot: QtBot, main_window: QMainWindow, services: Services, session: ScriptedController) -> ListeningPage:
    page = ListeningPage(services, cast(SessionController, session))
    main_window.setCentralWidget(page)
    with qtbot.waitActive(main_window):
        main_window.show()
    return page


def inside(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def test_before_the_sound_is_open_it_says_that_the_music_is_being_made(
    qtbot: QtBot, page: ListeningPage, session: ScriptedController
) -> None:
    session.begin()
    assert "Your music is being prepared." in page.display.why.text
    session.about = "MusicGen makes the music on the processor."
    qtbot.waitUntil(lambda: "is being made" in page.display.why.text)
    assert page.display.header.journey == "From worried to calm"
    assert page.display.header.left == "15:00 left"


def test_time_point_meter_and_words_follow_the_player(
    qtbot: QtBot, page: ListeningPage, session: ScriptedController
) -> None:
    session.begin()
    session.making = Making(7, 30)
    player = session.open(position_s=140.0, given_s=220.0)
    qtbot.waitUntil(lambda: page.display.header.left == "12:40 left")
    assert page.display.header.share == pytest.approx(140 / 900, abs=0.001)
    assert page.display.making.text() == "Composing part 7 of 30. The next 1:20 is ready. 2:20 of 15:00 played."
    assert "You hear now" in page.display.why.text
    assert "From 2:00 to 2:30" in page.display.why.text
    qtbot.waitUntil(lambda: page.display.why.meter.lit > 0)
    before = page.display.picture.point
    player.position_s = 700.0
    qtbot.waitUntil(lambda: page.display.picture.point == session.walk.place(700.0))
    assert page.display.picture.point != before
    session.making = Making(30, 30, complete=True)
    qtbot.waitUntil(lambda: page.display.making.text().startswith("All of the music is ready."))


def test_nobody_looks_at_the_player_of_a_page_out_of_sight(
    qtbot: QtBot, page: ListeningPage, session: ScriptedController
) -> None:
    session.begin()
    player = session.open()
    qtbot.waitUntil(lambda: player.looks > 3)
    page.hide()
    looks = player.looks
    qtbot.wait(150)
    assert player.looks == looks
    page.show()
    qtbot.waitUntil(lambda: player.looks > looks + 3)


def test_while_paused_it_looks_four_times_a_second(
    qtbot: QtBot, page: ListeningPage, session: ScriptedController
) -> None:
    session.begin()
    player = session.open()
    QTest.mouseClick(page.transport.play_button, LEFT)
    assert session.asked == ["pause"]
    assert page.transport.play_button.text() == "Go on"
    assert "Paused" in page.display.why.text
    looks = player.looks
    qtbot.wait(600)
    assert 1 <= player.looks - looks <= 4
    QTest.mouseClick(page.transport.play_button, LEFT)
    assert session.asked == ["pause", "resume"]
    qtbot.waitUntil(lambda: player.looks > looks + 8)


def test_space_pauses_from_wherever_the_keyboard_is(page: ListeningPage, session: ScriptedController) -> None:
    session.begin()
    session.open()
    for place in (page.display.picture, page.transport.volume.slider, page.transport.play_button):
        place.setFocus()
        QTest.keyClick(place, Qt.Key.Key_Space)
    assert session.asked == ["pause", "resume", "pause"]


def test_stop_asks_nothing_and_stops_once(page: ListeningPage, session: ScriptedController) -> None:
    session.begin()
    session.open()
    QTest.mouseClick(page.transport.stop_button, LEFT)
    assert session.asked == ["stop"]
    assert "fades out" in page.display.why.text
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert session.asked == ["stop"]
    session.end()
    assert "come to its end" in page.display.why.text
    assert not page.transport.stop_button.isEnabled()


def test_escape_brings_silence_first_and_then_stops(page: ListeningPage, session: ScriptedController) -> None:
    session.begin()
    session.open()
    page.display.picture.setFocus()
    QTest.keyClick(page.display.picture, Qt.Key.Key_Escape)
    assert session.asked == ["pause"]
    assert page.transport.stop_button.hasFocus()
    QTest.keyClick(page.transport.stop_button, Qt.Key.Key_Escape)
    assert session.asked == ["pause", "stop"]


def test_escape_stops_at_once_where_nothing_sounds_yet(page: ListeningPage, session: ScriptedController) -> None:
    session.begin()
    QTest.keyClick(page.transport.play_button, Qt.Key.Key_Escape)
    assert session.asked == ["stop"]


def test_i_feel_worse_goes_to_calm_and_shows_where_help_is(
    qtbot: QtBot, page: ListeningPage, session: ScriptedController
) -> None:
    session.begin()
    session.open(position_s=200.0)
    assert not page.display.calm.isVisible()
    QTest.mouseClick(page.transport.worse_button, LEFT)
    assert session.asked == ["worse"]
    assert page.display.calm.text.startswith("We are going to calm now.")
    assert page.display.calm.isVisible()
    QTest.mouseClick(page.transport.worse_button, LEFT)  # a second press changes nothing: it is on its way to calm
    assert session.asked == ["worse"]
    with qtbot.waitSignal(page.help_requested):
        QTest.mouseClick(page.display.calm.help_button, LEFT)
    QTest.mouseClick(page.display.calm.stop_button, LEFT)
    assert session.asked == ["worse", "stop"]


def test_how_i_feel_now_begins_at_the_music_and_goes_on_from_where_it_was_moved(
    page: ListeningPage, session: ScriptedController
) -> None:
    session.begin()
    session.open(position_s=450.0)
    QTest.mouseClick(page.transport.feeling_button, LEFT)
    here = session.walk.place(450.0)
    assert page.feeling.isVisible()
    assert page.feeling.pad.hasFocus()
    assert page.feeling.pad.affect == here
    QTest.keyClick(page.feeling.pad, Qt.Key.Key_Right)
    QTest.keyClick(page.feeling.pad, Qt.Key.Key_Tab)
    assert page.feeling.go_on.hasFocus()
    QTest.keyClick(page.feeling.go_on, Qt.Key.Key_Space)
    assert session.asked == ["moved"]
    assert session.felt == Affect.clipped(here.valence + 0.05, here.arousal)
    assert page.display.picture.isVisible()


def test_escape_closes_the_question_and_the_music_plays_on(page: ListeningPage, session: ScriptedController) -> None:
    session.begin()
    session.open(position_s=450.0)
    QTest.mouseClick(page.transport.feeling_button, LEFT)
    QTest.keyClick(page.feeling.pad, Qt.Key.Key_Escape)
    assert page.display.picture.isVisible()
    assert page.transport.feeling_button.hasFocus()
    QTest.mouseClick(page.transport.feeling_button, LEFT)
    QTest.mouseClick(page.feeling.cancel, LEFT)
    assert page.display.picture.isVisible()
    assert session.asked == []


def test_a_lost_device_is_told_and_forgotten_when_it_is_back(
    qtbot: QtBot, page: ListeningPage, session: ScriptedController
) -> None:
    session.begin()
    player = session.open()
    player.state, player.problem = "lost", UserError("The headphones are gone.", "Plug them in.")
    qtbot.waitUntil(page.display.problem.isVisible)
    assert page.display.problem.text.startswith("The headphones are gone. Plug them in. The music goes on by itself")
    player.state, player.problem = "playing", None
    qtbot.waitUntil(lambda: not page.display.problem.isVisible())


def test_pointing_at_a_part_tells_of_that_part(qtbot: QtBot, page: ListeningPage, session: ScriptedController) -> None:
    session.begin()
    session.open(position_s=10.0)
    page.display.picture.setFocus()
    QTest.keyClick(page.display.picture, Qt.Key.Key_Right)
    QTest.keyClick(page.display.picture, Qt.Key.Key_Right)
    assert "Another part of the session From 0:30 to 1:00" in page.display.why.text
    QTest.keyClick(page.display.picture, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "You hear now" in page.display.why.text)
    assert session.asked == []


def test_the_details_are_folded_away_until_a_key_opens_them(
    qtbot: QtBot, page: ListeningPage, session: ScriptedController
) -> None:
    session.begin()
    player = session.open(position_s=140.0)
    player.underruns = 3
    qtbot.wait(50)
    assert page.display.details.text == ""
    page.display.details.toggle.setFocus()
    QTest.keyClick(page.display.details.toggle, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "Underruns: 3" in page.display.details.text)
    assert "Step 5, match" in page.display.details.text
    assert "built-in composer" in page.display.details.text
    assert session.asked == []


def test_the_next_session_begins_with_a_clean_page(page: ListeningPage, session: ScriptedController) -> None:
    session.begin()
    session.open()
    QTest.mouseClick(page.transport.worse_button, LEFT)
    QTest.mouseClick(page.transport.stop_button, LEFT)
    session.end()
    session.asked.clear()
    session.begin()
    session.open()
    assert not page.display.calm.isVisible()
    QTest.mouseClick(page.transport.worse_button, LEFT)
    QTest.mouseClick(page.transport.stop_button, LEFT)
    assert session.asked == ["worse", "stop"]


@pytest.mark.parametrize("theme", ["light", "contrast"])
@pytest.mark.parametrize("text_size", [100, 125, 150, 175])
def test_the_ways_out_are_in_sight_at_every_text_size(
    qtbot: QtBot, page: ListeningPage, session: ScriptedController, theme: ThemeChoice, text_size: int
) -> None:
    session.begin()
    session.open(position_s=200.0)
    appearance().apply(theme, text_size)
    QTest.mouseClick(page.transport.worse_button, LEFT)
    qtbot.wait(50)
    window = page.window()
    assert window.size().toTuple() == (960, 680)
    for way_out in (page.transport.worse_button, page.transport.stop_button):
        assert window.rect().contains(inside(way_out, window))
        assert way_out.height() >= 32
        assert way_out.width() >= way_out.sizeHint().width()
        assert not any(area.isAncestorOf(way_out) for area in page.findChildren(QScrollArea))
    assert min(page.display.picture.width(), page.display.picture.height()) > 240


def test_every_control_has_a_name_and_is_reached_by_tab(page: ListeningPage, session: ScriptedController) -> None:
    session.begin()
    session.open()
    controls = [each for kind in (QAbstractButton, QSlider) for each in page.findChildren(kind) if each.isVisible()]
    assert len(controls) >= 7
    assert all(each.accessibleName() or getattr(each, "text", str)() for each in controls)
    reached = set()
    for _ in range(2 * len(controls)):
        QTest.keyClick(page.window().focusWidget(), Qt.Key.Key_Tab)
        reached.add(page.window().focusWidget())
    assert reached >= {*controls, page.display.picture}


def test_a_look_at_the_player_costs_less_than_two_milliseconds(
    page: ListeningPage, session: ScriptedController
) -> None:
    session.begin()
    player = session.open(position_s=100.0, given_s=400.0)
    costs = []
    for look in range(60):
        player.position_s, player.loudness = 100 + look * 0.033, -20.0 - look % 7
        begun = time.perf_counter()
        page._tick()  # what the timer calls, without the other events of the loop
        costs.append(time.perf_counter() - begun)
    assert median(costs) < 0.002
