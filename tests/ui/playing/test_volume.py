from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from musicmed_desktop.ui.playing.volume_control import LEAST_LIMIT, VolumeControl
from musicmed_desktop.ui.services import Services
from tests.fakes.showing import shown


@pytest.fixture
def control(qtbot: QtBot, services: Services) -> VolumeControl:
    return shown(qtbot, VolumeControl(services.preferences), 400, 50)


def test_keys_change_the_volume_up_to_the_limit(control: VolumeControl, services: Services) -> None:
    services.preferences.change(volume=0.55, volume_limit=0.6)
    heard = []
    services.preferences.changed.connect(lambda: heard.append(services.preferences.settings.volume))
    for _ in range(10):
        QTest.keyClick(control.slider, Qt.Key.Key_Right)
    assert heard[0] == pytest.approx(0.57)
    assert max(heard) == services.preferences.settings.volume == 0.6
    QTest.keyClick(control.slider, Qt.Key.Key_End)
    assert (control.slider.value(), services.preferences.settings.volume) == (60, 0.6)
    QTest.keyClick(control.slider, Qt.Key.Key_PageDown)
    assert services.preferences.settings.volume == pytest.approx(0.5)


def test_the_mouse_does_not_get_beyond_the_limit_either(control: VolumeControl, services: Services) -> None:
    services.preferences.change(volume=0.1, volume_limit=0.4)
    slider, middle = control.slider, control.slider.height() // 2
    heard = []
    services.preferences.changed.connect(lambda: heard.append(services.preferences.settings.volume))
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(round(slider.width() * 0.13), middle))
    QTest.mouseMove(slider, QPoint(slider.width() - 2, middle))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 2, middle))
    assert heard
    assert max(heard) == services.preferences.settings.volume == 0.4
    assert slider.value() == 40


def test_a_lower_limit_takes_the_slider_along(control: VolumeControl, services: Services) -> None:
    services.preferences.change(volume=0.8, volume_limit=0.8)
    services.preferences.change(volume_limit=0.3)
    assert control.slider.value() == 30
    assert control.slider.accessibleDescription() == "At most 30 %"


def test_the_lock_keeps_this_volume_as_the_loudest_and_does_not_open_again(
    control: VolumeControl, services: Services
) -> None:
    services.preferences.change(volume=0.4, volume_limit=0.8)
    for _ in range(2):
        QTest.mouseClick(control.lock, Qt.MouseButton.LeftButton)
        settings = services.preferences.settings
        assert (settings.volume_limit, settings.volume_locked) == (0.4, True)
    assert "locked" in control.lock.accessibleName()
    QTest.keyClick(control.slider, Qt.Key.Key_End)
    assert services.preferences.settings.volume == 0.4


def test_silence_is_not_locked(control: VolumeControl, services: Services) -> None:
    services.preferences.change(volume=0.0)
    QTest.mouseClick(control.lock, Qt.MouseButton.LeftButton)
    assert services.preferences.settings.volume_limit == LEAST_LIMIT


def test_the_mark_stands_where_the_handle_stops(control: VolumeControl, services: Services) -> None:
    services.preferences.change(volume=0.2, volume_limit=0.6)
    far, near = control.slider._x_of(60), control.slider._x_of(20)
    marked = control.slider.grab().toImage()
    services.preferences.change(volume_limit=1.0)
    plain = control.slider.grab().toImage()
    differing = {
        x for x in range(plain.width()) for y in range(plain.height()) if plain.pixel(x, y) != marked.pixel(x, y)
    }
    assert differing
    assert max(abs(x - far) for x in differing) <= 3
    assert near < far
