from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.kit import Look, Notice, Page, ask, body, button, clock, minutes_words, tell


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (125, "2:05"), (899.6, "15:00"), (-1, "0:00")])
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(1, "1 second"), (40, "40 seconds"), (60, "1 minute"), (900, "15 minutes")]
)
def test_minutes_words(seconds: float, text: str) -> None:
    assert minutes_words(seconds) == text


def notice(qtbot: QtBot) -> Notice:
    made = Notice()
    qtbot.addWidget(made)
    return made


def press(qtbot: QtBot, within: QWidget, text: str) -> None:
    found = next(each for each in within.findChildren(QPushButton) if each.text() == text)
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def test_a_notice_is_undone_once(qtbot: QtBot) -> None:
    undone: list[int] = []
    shown = notice(qtbot)
    shown.show_text("Deleted.", lambda: undone.append(1))
    press(qtbot, shown, "Undo")
    assert undone == [1]
    assert not shown.isVisible()


def test_a_closed_notice_is_not_undone(qtbot: QtBot) -> None:
    undone: list[int] = []
    shown = notice(qtbot)
    shown.show_text("Deleted.", lambda: undone.append(1))
    press(qtbot, shown, "Close")
    assert undone == []
    assert not shown.isVisible()


@pytest.mark.parametrize(("pressed", "answer"), [("Yes, stop", True), ("No", False)])
def test_a_question_is_answered(qtbot: QtBot, pressed: str, answer: bool) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    answers: list[bool] = []
    box = ask(parent, "Stop?", "It is kept.", "Yes, stop", "No", answers.append)
    press(qtbot, box, pressed)
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [answer]


def test_escape_means_no(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    answers: list[bool] = []
    qtbot.keyClick(ask(parent, "Stop?", "", "Yes", "No", answers.append), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [False]


def test_an_error_is_told_with_its_hint(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    box: QMessageBox = tell(parent, UserError("No sound device.", "Connect one.", "PortAudio: -1"))
    assert (box.text(), box.informativeText()) == ("No sound device.", "Connect one.")
    assert box.detailedText() == "PortAudio: -1"
    press(qtbot, box, "Close")
    qtbot.waitUntil(lambda: not parent.findChildren(QMessageBox))


def test_what_has_the_focus_is_scrolled_into_sight(qtbot: QtBot) -> None:
    page = Page()
    qtbot.addWidget(page)
    fields = [QLineEdit() for _ in range(40)]
    for field in fields:
        page.column.addWidget(body("A field"))
        page.column.addWidget(field)
    page.resize(500, 300)
    page.show()
    page.activateWindow()
    fields[0].setFocus()
    qtbot.waitUntil(fields[0].hasFocus)
    for field in fields[:-1]:
        qtbot.keyClick(field, Qt.Key.Key_Tab)
    last = fields[-1]
    assert last.hasFocus()
    top = last.mapTo(page.viewport(), last.rect().topLeft()).y()
    assert 0 <= top <= page.viewport().height() - last.height()


def test_a_button_says_its_name(qtbot: QtBot) -> None:
    made = button("Stop", name="Stop the music")
    qtbot.addWidget(made)
    assert made.accessibleName() == "Stop the music"


def test_a_notice_is_spoken(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = list[str]()
    monkeypatch.setattr("musicmed_desktop.ui.kit.notice.announce", lambda _, words: heard.append(words))
    notice(qtbot).show_text("Tiny music is on this computer now.")
    assert heard == ["Tiny music is on this computer now."]


def test_the_answer_looks_like_what_it_does_from_the_first(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()

    def colours(look: Look) -> tuple[QColor, QColor]:
        box = ask(parent, "Remove it?", "", "Remove", "Keep", lambda _: None, look=look)
        qtbot.waitUntil(box.isVisible)
        yes, no = (next(each for each in box.buttons() if each.text() == text) for text in ("Remove", "Keep"))
        found = [each.grab().toImage().pixelColor(8, each.height() // 2) for each in (yes, no)]
        box.reject()
        return found[0], found[1]

    usual, ordinary = colours("")
    assert usual == ordinary
    primary, ordinary = colours("primary")
    assert primary != ordinary
