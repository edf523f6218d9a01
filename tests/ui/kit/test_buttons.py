from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from musicmed_desktop.ui.kit import Button, button


@pytest.fixture
def presses() -> list[int]:
    return []


@pytest.fixture
def shown(qtbot: QtBot, presses: list[int]) -> Button:
    made = button("Go on", lambda: presses.append(1))
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_each_of_the_usual_keys_presses(qtbot: QtBot, shown: Button, presses: list[int], key: Qt.Key) -> None:
    qtbot.keyClick(shown, key)
    assert presses == [1]


def test_a_key_that_is_held_down_presses_once(shown: Button, presses: list[int]) -> None:
    for repeated in (False, True, True):
        none = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(shown, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, none, "", repeated))
    assert presses == [1]


def test_a_double_click_is_one_click(qtbot: QtBot, shown: Button, presses: list[int]) -> None:
    qtbot.mouseClick(shown, Qt.MouseButton.LeftButton)
    qtbot.mouseDClick(shown, Qt.MouseButton.LeftButton)  # its second half, as the window system sends it
    assert presses == [1]
