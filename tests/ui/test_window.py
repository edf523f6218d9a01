"""The whole window, driven by mouse and keys."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.rail import PLACES
from musicmed_desktop.ui.selftest.hands import click, find_button
from musicmed_desktop.ui.selftest.visit import point_at
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import SessionController
from musicmed_desktop.ui.theme import appearance
from musicmed_desktop.ui.transfers import Transfer
from musicmed_desktop.ui.window import Window
from tests.fakes.showing import settle


def start_session(qtbot: QtBot, window: Window, controller: SessionController) -> None:
    point_at(window.places.check_in.feeling.pad, "anxious")
    click(find_button(window.places.check_in, "Calm"))
    qtbot.waitUntil(window.places.check_in.start.isEnabled)
    click(window.places.check_in.start)
    qtbot.waitUntil(lambda: controller.position_s > 1, timeout=10_000)


def shown_question(window: Window) -> QMessageBox:
    (box,) = (each for each in window.findChildren(QMessageBox) if each.isVisible())
    return box


def answer(qtbot: QtBot, window: Window, text: str) -> None:
    box = shown_question(window)
    found = next(each for each in box.findChildren(QPushButton) if each.text() == text)
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def test_the_first_start_begins_with_the_introduction(
    qtbot: QtBot, services: Services, controller: SessionController
) -> None:
    window = Window(services, controller)
    qtbot.addWidget(window)
    window.show()
    assert window.places.here == "introduction"
    for _ in range(10):
        if window.places.here == "introduction":
            click(window.places.introduction.next)
    assert window.places.here == "check_in"
    assert services.preferences.settings.first_run_done


def test_from_the_open_window_to_music_in_three_clicks(
    qtbot: QtBot, window: Window, controller: SessionController
) -> None:
    assert window.places.here == "check_in"
    start_session(qtbot, window, controller)  # the pad, a wish, Start
    assert window.places.here == "listening"


@pytest.mark.parametrize("place", PLACES)
def test_every_place_is_one_click_away(qtbot: QtBot, window: Window, place: str) -> None:
    click(find_button(window, PLACES[place]))
    assert window.places.here == place
    assert window.places.pages[place].isVisible()


def test_every_place_is_reached_by_keys(qtbot: QtBot, window: Window) -> None:
    settings = find_button(window, "Settings")
    settings.setFocus()
    qtbot.keyClick(settings, Qt.Key.Key_Space)
    assert window.places.here == "settings"


def test_the_music_models_are_reached_from_the_settings_and_left_again(qtbot: QtBot, window: Window) -> None:
    click(find_button(window, "Settings"))
    find_button(window, "Music models…").setFocus()  # which scrolls it into sight
    click(find_button(window, "Music models…"))
    assert window.places.here == "models"
    assert window.places.rail.buttons["settings"].isChecked()
    click(find_button(window, "Back to Settings"))
    assert window.places.here == "settings"


def test_what_is_under_way_goes_on_elsewhere_and_its_end_is_told(
    qtbot: QtBot, window: Window, services: Services
) -> None:
    go_on = threading.Event()

    def work(*_: object) -> str:
        go_on.wait(10)
        return "The model is here."

    window.places.go("models")
    services.transfers.begin(Transfer("small", "Downloading", work))
    window.places.go("help")
    go_on.set()
    qtbot.waitUntil(lambda: window.places.notice.accessibleName() == "The model is here.")
    assert window.places.here == "help"


def test_trouble_with_what_is_under_way_is_told_elsewhere(qtbot: QtBot, window: Window, services: Services) -> None:
    def work(*_: object) -> str:
        raise UserError("The line was cut.", "Try again.")

    services.transfers.begin(Transfer("small", "Downloading small", work))
    qtbot.waitUntil(window.places.notice.isVisible)
    assert window.places.notice.accessibleName().startswith("Downloading small has stopped. The line was cut.")


def test_a_session_ends_in_the_check_out(qtbot: QtBot, window: Window, controller: SessionController) -> None:
    start_session(qtbot, window, controller)
    click(find_button(window, "Stop"))
    qtbot.waitUntil(lambda: window.places.here == "check_out", timeout=10_000)
    assert window.places.check_in.check_in is None  # the next session asks anew


def test_stop_is_in_sight_on_other_pages_too(qtbot: QtBot, window: Window, controller: SessionController) -> None:
    start_session(qtbot, window, controller)
    window.places.go("help")
    click(find_button(window, "Back to the music"))
    assert window.places.here == "listening"
    window.places.go("help")
    click(find_button(window, "Stop the music"))
    qtbot.waitUntil(lambda: window.places.here == "check_out", timeout=10_000)


def test_closing_in_the_middle_asks_first(qtbot: QtBot, window: Window, controller: SessionController) -> None:
    start_session(qtbot, window, controller)
    assert not window.close()
    answer(qtbot, window, "Keep listening")
    assert window.isVisible()
    assert controller.running


def test_closed_all_the_same_it_keeps_what_was_heard(
    qtbot: QtBot, window: Window, services: Services, controller: SessionController
) -> None:
    start_session(qtbot, window, controller)
    qtbot.waitUntil(lambda: controller.position_s > 35, timeout=10_000)
    window.close()
    answer(qtbot, window, "Stop and close")
    qtbot.waitUntil(lambda: not window.isVisible())
    assert len(services.library.entries()) == 1


def test_closed_before_the_last_question_is_answered_what_was_said_is_kept(
    qtbot: QtBot, window: Window, services: Services, controller: SessionController
) -> None:
    start_session(qtbot, window, controller)
    qtbot.waitUntil(lambda: window.places.here == "check_out", timeout=20_000)
    point_at(window.places.check_out.asking.feeling.pad, "calm")
    qtbot.keyClicks(window.places.check_out.asking.note, "The sea was there.")
    assert window.close()
    settle(qtbot, services)
    (entry,) = services.library.entries()
    assert entry.note == "The sea was there."
    assert entry.after is not None


def test_the_window_comes_back_where_it_was(
    qtbot: QtBot, window: Window, services: Services, controller: SessionController
) -> None:
    window.resize(761, 577)
    window.close()
    again = Window(services, controller)
    qtbot.addWidget(again)
    assert (again.width(), again.height()) == (761, 577)


def test_a_change_of_the_look_is_seen_at_once(qtbot: QtBot, window: Window, services: Services) -> None:
    services.preferences.change(theme="dark", text_size=150)
    assert appearance().tokens.name == "dark"
    assert appearance().scale == 1.5


def test_a_narrow_window_has_its_places_along_the_top(qtbot: QtBot, window: Window, services: Services) -> None:
    window.resize(1120, 780)
    new = find_button(window, "New session")
    settings = find_button(window, "Settings")
    assert new.mapTo(window, new.rect().center()).x() == settings.mapTo(window, settings.rect().center()).x()
    services.preferences.change(text_size=175)
    qtbot.waitUntil(
        lambda: new.mapTo(window, new.rect().center()).y() == settings.mapTo(window, settings.rect().center()).y()
    )


def test_every_control_has_a_name(window: Window) -> None:
    """A screen reader says it."""
    nameless = [
        f"{place}: {type(control).__name__}"
        for place, page in window.places.pages.items()
        for control in page.findChildren(QWidget)
        if control.window() is window and control.focusPolicy() & Qt.FocusPolicy.TabFocus and not _name(control)
    ]
    assert not nameless, nameless


def _name(control: QWidget) -> str:
    text = getattr(control, "text", None)
    return control.accessibleName() or (text() if callable(text) else "")
