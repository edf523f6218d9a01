from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow
from pytestqt.qtbot import QtBot

from musicmed_desktop.ui.media_keys import MediaKeys


@pytest.mark.qt_log_ignore("keyToAscii")  # QTest has no letter for such keys
@pytest.mark.parametrize(
    ("key", "heard"),
    [
        (Qt.Key.Key_MediaTogglePlayPause, "play_pause"),
        (Qt.Key.Key_MediaPlay, "play_pause"),
        (Qt.Key.Key_MediaPause, "play_pause"),
        (Qt.Key.Key_MediaStop, "stop"),
    ],
)
def test_the_keys_are_heard_wherever_the_keyboard_is(qtbot: QtBot, key: Qt.Key, heard: str) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    field = QLineEdit()
    window.setCentralWidget(field)
    keys, told = MediaKeys(window), []
    keys.play_pause.connect(lambda: told.append("play_pause"))
    keys.stop.connect(lambda: told.append("stop"))
    with qtbot.waitActive(window):
        window.show()
    field.setFocus()
    QTest.keyClick(field, key)
    assert told == [heard]
    QTest.keyClick(field, Qt.Key.Key_Space)
    assert (told, field.text()) == ([heard], " ")
