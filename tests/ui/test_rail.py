from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from musicmed_desktop.ui.rail import PLACES, Rail
from musicmed_desktop.ui.theme import appearance


@pytest.fixture
def rail(qtbot: QtBot) -> Rail:
    made = Rail()
    qtbot.addWidget(made)
    return made


def test_tab_reaches_every_place(qtbot: QtBot, rail: Rail) -> None:
    rail.mark("sessions")
    with qtbot.waitActive(rail):
        rail.show()
    rail.buttons["check_in"].setFocus()
    reached = []
    for _ in PLACES:
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.append(focused.accessibleName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert reached == list(PLACES.values())


def test_where_the_listener_is_stays_marked(qtbot: QtBot, rail: Rail) -> None:
    rail.chosen.connect(rail.mark)
    rail.show()
    for _ in range(2):  # the second time it is there already
        qtbot.mouseClick(rail.buttons["settings"], Qt.MouseButton.LeftButton)
        assert [place for place, each in rail.buttons.items() if each.isChecked()] == ["settings"]


@pytest.mark.parametrize(("size", "help_text"), [(100, "Help in a crisis"), (175, "Help")])
def test_along_the_top_no_word_is_cut(qtbot: QtBot, rail: Rail, size: int, help_text: str) -> None:
    appearance().apply("light", size)
    rail.lie(along_top=True)
    rail.resize(720, rail.sizeHint().height())
    with qtbot.waitExposed(rail):
        rail.show()
    assert rail.buttons["help"].text() == help_text
    assert rail.buttons["help"].accessibleName() == "Help in a crisis"
    assert all(each.width() >= each.minimumSizeHint().width() for each in rail.buttons.values())
