"""Start, with a sound device in the settings that is not there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from musicmed_desktop.audio.output import Output
from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.preferences import Preferences
from musicmed_desktop.ui.selftest.hands import click, find_button
from musicmed_desktop.ui.selftest.visit import point_at
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import SessionController
from musicmed_desktop.ui.sound import SilentSound
from musicmed_desktop.ui.window import Window


class SystemSound(SilentSound):
    """Plays where the system chooses, and nowhere else."""

    def __init__(self, preferences: Preferences, has_default: bool = True) -> None:
        super().__init__(speed=60.0)
        self._preferences = preferences
        self._has_default = has_default

    def open(self) -> Output:
        device = self._preferences.settings.sound_device
        if device is not None or not self._has_default:
            raise UserError(f"The sound device “{device}” is not there.", "Plug it in.")
        return super().open()


def press_start(qtbot: QtBot, services: Services, sound: SystemSound) -> tuple[Window, SessionController, QMessageBox]:
    controller = SessionController(replace(services, sound=sound))
    services.preferences.change(first_run_done="1", minutes=2.0)
    window = Window(replace(services, sound=sound), controller)
    qtbot.addWidget(window)
    window.show()
    point_at(window.places.check_in.feeling.pad, "anxious")
    click(find_button(window.places.check_in, "Calm"))
    qtbot.waitUntil(window.places.check_in.start.isEnabled)
    click(window.places.check_in.start)
    qtbot.waitUntil(lambda: bool(boxes(window)), timeout=10_000)
    return window, controller, boxes(window)[0]


def boxes(window: Window) -> list[QMessageBox]:
    return [each for each in window.findChildren(QMessageBox) if each.isVisible()]


def press(qtbot: QtBot, box: QMessageBox, text: str) -> None:
    (button,) = (each for each in box.findChildren(QPushButton) if each.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_it_says_so_and_plays_where_the_system_chooses(qtbot: QtBot, services: Services) -> None:
    services.preferences.change(sound_device="Headset")
    window, controller, box = press_start(qtbot, services, SystemSound(services.preferences))
    assert box.text() == "The sound device “Headset” is not there."
    assert window.places.here == "check_in"
    press(qtbot, box, "Play there")
    qtbot.waitUntil(lambda: controller.position_s > 1, timeout=10_000)
    assert services.preferences.settings.sound_device is None
    assert window.places.here == "listening"
    controller.shut_down()


def test_who_would_rather_not_may_start_again_as_it_was(qtbot: QtBot, services: Services) -> None:
    services.preferences.change(sound_device="Headset")
    window, controller, box = press_start(qtbot, services, SystemSound(services.preferences))
    press(qtbot, box, "Not now")
    assert not controller.running
    assert services.preferences.settings.sound_device == "Headset"
    assert window.places.check_in.start.isEnabled()


@pytest.mark.parametrize("device", [None, "Headset"])
def test_where_there_is_no_sound_at_all_it_is_said(qtbot: QtBot, services: Services, device: str | None) -> None:
    services.preferences.change(sound_device=device)
    window, controller, box = press_start(qtbot, services, SystemSound(services.preferences, has_default=False))
    if device:
        press(qtbot, box, "Play there")
        qtbot.waitUntil(lambda: boxes(window) not in ([], [box]), timeout=10_000)
    (said,) = boxes(window)
    assert "is not there" in said.text()
    press(qtbot, said, "Close")
    assert not controller.running
    assert window.places.check_in.start.isEnabled()
