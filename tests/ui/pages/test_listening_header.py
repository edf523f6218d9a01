from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from musicmed_desktop.ui.pages.listening.header import Header
from musicmed_desktop.ui.theme import appearance


@pytest.mark.parametrize("size", [100, 125, 150, 175])
def test_its_words_are_whole_in_the_smallest_window(qtbot: QtBot, size: int) -> None:
    """Also where the text grows or shrinks in the middle of a session."""
    header = Header()
    qtbot.addWidget(header)
    header.show_journey("From worried to relaxed")
    header.show_time(0, 900)
    header.resize(640, 60)
    header.show()
    for each in (175, 100, size):
        appearance().apply("light", each)
        header.resize(640, header.sizeHint().height())
    qtbot.waitUntil(lambda: all(_is_whole(label) for label in header.findChildren(QLabel)))


def _is_whole(label: QLabel) -> bool:
    needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
    return label.height() >= needed
