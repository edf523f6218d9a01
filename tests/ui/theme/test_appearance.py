from __future__ import annotations

from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from musicmed_desktop.ui.kit import button
from musicmed_desktop.ui.theme import DARK, LIGHT, appearance


def shown(qtbot: QtBot) -> QPushButton:
    widget = button("Start", look="primary")
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_a_theme_colours_what_is_shown_already(qtbot: QtBot) -> None:
    widget = shown(qtbot)
    appearance().apply("dark", 100)
    centre = widget.grab().toImage().pixelColor(8, widget.height() // 2)
    assert centre.name() == DARK.accent
    assert QApplication.palette().color(QPalette.ColorRole.Window).name() == DARK.background


def test_everybody_hears_of_a_change(qtbot: QtBot) -> None:
    with qtbot.waitSignal(appearance().changed):
        appearance().apply("light", 150)
    assert appearance().tokens == LIGHT
    assert appearance().px(10) == 15


def test_text_grows_with_its_size(qtbot: QtBot) -> None:
    widget = shown(qtbot)
    small = widget.sizeHint()
    appearance().apply("light", 175)
    assert widget.sizeHint().height() > 1.5 * small.height()
    assert isinstance(widget.font(), QFont)
    assert QApplication.font().pointSizeF() == 11 * 1.75
