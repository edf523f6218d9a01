"""A locked library is opened by typing, with real keys and the real encryption."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from musicmed_desktop.library import Library
from musicmed_desktop.library.locking import lock
from musicmed_desktop.ui.kit import body
from musicmed_desktop.ui.passphrase import PassphraseDialog
from musicmed_desktop.ui.selftest.hands import click
from musicmed_desktop.ui.tasks import Tasks
from musicmed_desktop.ui.theme import appearance
from musicmed_desktop.ui.unlocking import ask_to_unlock
from tests.fakes.sessions import keep_session

PASSPHRASE = "seven green umbrellas"


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("locked")
    keep_session(Library(folder))
    lock(folder, PASSPHRASE)
    return folder


@pytest.fixture
def tasks() -> Iterator[Tasks]:
    tasks = Tasks()
    yield tasks
    tasks.close()


@pytest.fixture
def opened() -> list[Library]:
    return []


@pytest.fixture
def dialog(qtbot: QtBot, locked: Path, tasks: Tasks, opened: list[Library]) -> PassphraseDialog:
    return ask_to_unlock(locked, tasks, opened.append)


def enter(dialog: PassphraseDialog, text: str) -> None:
    (field,) = dialog.secrets.fields
    assert field.hasFocus() or field.isEnabled()
    field.clear()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_the_right_one_opens_the_library(qtbot: QtBot, dialog: PassphraseDialog, opened: list[Library]) -> None:
    assert not dialog.yes.isEnabled()
    with qtbot.waitSignal(dialog.accepted):
        enter(dialog, PASSPHRASE)
    (library,) = opened
    assert len(library.entries()) == 1


def test_a_wrong_one_may_be_tried_again_as_often_as_one_likes(
    qtbot: QtBot, dialog: PassphraseDialog, opened: list[Library]
) -> None:
    for wrong in ("seven", PASSPHRASE.upper()):
        enter(dialog, wrong)
        qtbot.waitUntil(dialog.trouble.isVisible)
        assert dialog.trouble.text().startswith("This passphrase does not fit. Please try again")
        assert dialog.secrets.fields[0].hasSelectedText()  # to be typed over
    assert opened == []
    with qtbot.waitSignal(dialog.accepted):
        enter(dialog, PASSPHRASE)
    assert len(opened) == 1


def test_the_window_answers_while_it_is_tried(qtbot: QtBot, dialog: PassphraseDialog) -> None:
    enter(dialog, "a wrong one")
    assert dialog.progress.isVisible()
    assert not dialog.yes.isEnabled()
    turns = 0
    while not dialog.trouble.isVisible():
        qtbot.wait(10)
        turns += 1
    assert turns > 5
    assert not dialog.progress.isVisible()


def test_what_is_typed_is_hidden_until_it_shall_be_seen(dialog: PassphraseDialog) -> None:
    (field,) = dialog.secrets.fields
    assert field.echoMode() == QLineEdit.EchoMode.Password
    dialog.secrets.shown.setFocus()
    QTest.keyClick(dialog.secrets.shown, Qt.Key.Key_Space)
    assert field.echoMode() == QLineEdit.EchoMode.Normal
    QTest.keyClick(dialog.secrets.shown, Qt.Key.Key_Space)
    assert field.echoMode() == QLineEdit.EchoMode.Password


@pytest.mark.parametrize("key", [True, False])
def test_who_gives_up_can_leave(qtbot: QtBot, dialog: PassphraseDialog, opened: list[Library], key: bool) -> None:
    with qtbot.waitSignal(dialog.rejected):
        if key:
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
        else:
            click(dialog.no)
    assert opened == []


def test_who_leaves_while_it_is_tried_is_not_let_in(
    qtbot: QtBot, dialog: PassphraseDialog, opened: list[Library]
) -> None:
    enter(dialog, PASSPHRASE)
    with qtbot.waitSignal(dialog.rejected):
        click(dialog.no)
    assert opened == []


def test_every_control_has_a_name(dialog: PassphraseDialog) -> None:
    assert dialog.accessibleName() == "Your sessions are locked."
    controls = [each for each in dialog.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    names = {each.accessibleName() or getattr(each, "text", str)() for each in controls}
    assert names >= {"Passphrase", "&Show what I type", "Open", "Quit"}
    assert "" not in names
    assert any(isinstance(each, QCheckBox) for each in controls)


@pytest.mark.parametrize("size", [100, 175])
def test_nothing_is_cut_off(qtbot: QtBot, dialog: PassphraseDialog, size: int) -> None:
    appearance().apply("light", size)
    dialog.refuse("This passphrase does not fit. Please try again, and mind capital letters and more than that.")
    qtbot.wait(30)
    sheet = dialog.column.parentWidget()
    assert sheet is not None
    for part in (dialog.trouble, dialog.no, dialog.yes):
        assert sheet.rect().contains(part.geometry())
        assert part.height() >= part.minimumSizeHint().height()
    assert dialog.trouble.height() >= dialog.trouble.heightForWidth(dialog.trouble.width())


def test_on_a_screen_that_is_too_low_it_is_scrolled(qtbot: QtBot, dialog: PassphraseDialog) -> None:
    appearance().apply("light", 175)
    dialog.add(*(body(f"Line {number} of many.") for number in range(40)))
    qtbot.wait(30)
    assert dialog.height() < dialog.screen().availableSize().height()
    assert dialog.width() <= dialog.screen().availableSize().width()
