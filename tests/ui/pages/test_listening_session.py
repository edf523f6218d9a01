"""The listening page over a real session: engine, thread, player and a silent clock at twenty times the speed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from musicmed_desktop.affect import mood
from musicmed_desktop.ui.pages.listening import ListeningPage
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import CheckIn, Ended, SessionController

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(qtbot: QtBot, main_window: QMainWindow, services: Services, controller: SessionController) -> ListeningPage:
    page = ListeningPage(services, controller)
    main_window.setCentralWidget(page)
    with qtbot.waitActive(main_window):
        main_window.show()
    return page


def begin(controller: SessionController, minutes: float = 2.0) -> None:
    controller.begin(CheckIn(mood("worried").affect, mood("calm").affect, minutes))


def test_a_session_is_followed_to_its_end(qtbot: QtBot, page: ListeningPage, controller: SessionController) -> None:
    with qtbot.waitSignal(controller.ended, timeout=20_000) as ended:
        begin(controller, minutes=1.0)
        assert "Your music is being prepared." in page.display.why.text
        qtbot.waitUntil(lambda: "You hear now" in page.display.why.text)
        qtbot.waitUntil(lambda: page.display.header.left < "0:50 left")
        qtbot.waitUntil(lambda: page.display.why.meter.lit > 0)
        qtbot.waitUntil(lambda: page.display.making.text().startswith("All of the music is ready."), timeout=10_000)
        assert page.display.picture.walk is not None
        assert all(step.measured for step in page.display.picture.walk.steps)
    assert isinstance(ended.args[0], Ended)
    assert not ended.args[0].shortened
    assert "come to its end" in page.display.why.text


def test_pause_before_there_is_music_holds_it_back(
    qtbot: QtBot, page: ListeningPage, controller: SessionController
) -> None:
    begin(controller)
    assert controller.player is None
    assert page.display.making.isHidden()
    QTest.mouseClick(page.transport.play_button, LEFT)
    assert page.transport.play_button.text() == "Go on"
    qtbot.waitUntil(lambda: "Paused" in page.display.why.text)
    assert controller.position_s == 0
    QTest.mouseClick(page.transport.play_button, LEFT)
    assert page.transport.play_button.text() == "Pause"
    qtbot.waitUntil(lambda: controller.position_s > 0)
    controller.stop()
    qtbot.waitUntil(lambda: not controller.running, timeout=10_000)


def test_stop_ends_within_a_second_and_keeps_what_was_heard(
    qtbot: QtBot, page: ListeningPage, controller: SessionController, services: Services
) -> None:
    begin(controller)
    qtbot.waitUntil(lambda: "You hear now" in page.display.why.text)
    qtbot.waitUntil(lambda: controller.position_s > 35.0)
    player = controller.player
    assert player is not None
    QTest.mouseClick(page.transport.stop_button, LEFT)
    qtbot.waitUntil(lambda: player.state == "stopped", timeout=1000)
    qtbot.waitUntil(lambda: not controller.running)
    assert [entry.shortened for entry in services.library.entries()] == [True]


def test_worse_turns_the_path_to_calm_and_is_written_down(
    qtbot: QtBot, page: ListeningPage, controller: SessionController, services: Services
) -> None:
    begin(controller)
    qtbot.waitUntil(lambda: controller.position_s > 10.0)
    QTest.mouseClick(page.transport.worse_button, LEFT)
    qtbot.waitUntil(lambda: len(controller.walk.paths) == 2, timeout=10_000)
    assert page.display.picture.walk == controller.walk
    assert controller.walk.steps[-1].mood == "calm"
    QTest.mouseClick(page.display.calm.stop_button, LEFT)
    qtbot.waitUntil(lambda: not controller.running, timeout=10_000)
    (entry,) = services.library.entries()
    assert len(entry.worse_at_s) == 1


def test_the_volume_slider_is_heard_by_the_player(
    qtbot: QtBot, page: ListeningPage, controller: SessionController
) -> None:
    begin(controller)
    qtbot.waitUntil(lambda: controller.player is not None)
    player = controller.player
    assert player is not None
    QTest.keyClick(page.transport.volume.slider, Qt.Key.Key_Home)
    assert player.volume == 0.0
    QTest.keyClick(page.transport.volume.slider, Qt.Key.Key_End)
    assert player.volume == pytest.approx(0.64)  # the square of the limit
