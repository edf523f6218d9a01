"""Recently deleted: brought back, or removed for good."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from musicmed_desktop.library import Entry
from musicmed_desktop.ui.pages.sessions import SessionsPage
from musicmed_desktop.ui.pages.sessions.words import gone_words
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.theme import appearance
from tests.fakes.sessions import keep_session
from tests.fakes.showing import shown

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def kept(services: Services) -> list[Entry]:
    """Three sessions, of which the last two are deleted."""
    now = datetime.now().astimezone()
    starts = ("anxious", "sad", "angry")
    kept = [keep_session(services.library, now - timedelta(days=day), start=start) for day, start in enumerate(starts)]
    for entry in kept[1:]:
        services.library.delete(entry.id)
    return kept


@pytest.fixture
def page(services: Services, kept: list[Entry], qtbot: QtBot) -> SessionsPage:
    page = shown(qtbot, SessionsPage(services), 760, 640)
    qtbot.waitUntil(page.list.view.isVisible)
    page.more.deleted.trigger()
    qtbot.waitUntil(lambda: page.trash.view.isVisible() and page.trash.view.hasFocus())
    return page


def titles(page: SessionsPage) -> list[str]:
    return [entry.title for entry in page.trash.model.entries]


def answer(page: SessionsPage, qtbot: QtBot, text: str) -> None:
    QTest.mouseClick(page.trash.empty, LEFT)
    qtbot.waitUntil(lambda: bool(page.findChildren(QMessageBox)))
    box = page.findChildren(QMessageBox)[0]
    assert "cannot be undone" in box.informativeText()
    QTest.mouseClick(next(each for each in box.findChildren(QPushButton) if each.text() == text), LEFT)


def test_what_was_deleted_is_here_alone_and_how_long_is_said(page: SessionsPage, kept: list[Entry]) -> None:
    assert titles(page) == [entry.title for entry in kept[1:]]
    assert not page.list.isVisible()
    assert not page.filters.isVisible()


def test_enter_brings_the_chosen_one_back(
    page: SessionsPage, kept: list[Entry], services: Services, qtbot: QtBot
) -> None:
    QTest.keyClick(page.trash.view, Qt.Key.Key_Down)
    with qtbot.waitSignal(page.notice) as told:
        QTest.keyClick(page.trash.view, Qt.Key.Key_Return)
    assert kept[2].title in told.args[0]
    qtbot.waitUntil(lambda: titles(page) == [kept[1].title])
    QTest.keyClick(page.trash.view, Qt.Key.Key_Escape)
    qtbot.waitUntil(page.list.view.isVisible)
    assert services.library.entries() == (kept[0], kept[2])
    assert page.list.chosen == kept[2]


def test_several_are_brought_back_at_once(
    page: SessionsPage, kept: list[Entry], services: Services, qtbot: QtBot
) -> None:
    QTest.keyClick(page.trash.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(page.trash.bring_back, LEFT)
    qtbot.waitUntil(page.trash.nothing.isVisible)
    assert page.trash.back.hasFocus()
    assert services.library.entries() == tuple(kept)


def test_all_is_removed_for_good_after_a_clear_question(
    page: SessionsPage, kept: list[Entry], services: Services, qtbot: QtBot
) -> None:
    answer(page, qtbot, "Keep")
    qtbot.waitUntil(lambda: not page.findChildren(QMessageBox))
    assert len(services.library.deleted()) == 2
    with qtbot.waitSignal(page.notice) as told:
        answer(page, qtbot, "Remove for good")
    assert told.args[0] == "2 sessions were removed for good."
    qtbot.waitUntil(page.trash.nothing.isVisible)
    assert services.library.deleted() == ()
    assert services.library.entries() == (kept[0],)


def test_the_page_begins_with_the_list_when_it_is_shown_again(page: SessionsPage, qtbot: QtBot) -> None:
    page.hide()
    page.show()
    qtbot.waitUntil(page.list.view.isVisible)
    assert not page.trash.isVisible()


def test_it_is_heard_how_long_a_session_stays(page: SessionsPage) -> None:
    spoken = page.trash.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.endswith(", Removed for good in 30 days")


@pytest.mark.parametrize(("ago", "words"), [(0.01, "in 30 days"), (27.5, "in 3 days"), (29.5, "within a day")])
def test_it_is_said_how_long_a_session_stays(kept: list[Entry], ago: float, words: str) -> None:
    now = datetime.now().astimezone()
    assert gone_words(kept[0].changed(deleted=now - timedelta(days=ago)), now).endswith(words)


def test_nothing_is_cut_off_at_any_size(page: SessionsPage, qtbot: QtBot) -> None:
    for size, width in ((100, 760), (175, 617)):
        appearance().apply("dark", size)
        page.resize(width, 640)
        qtbot.wait(30)
        assert page.horizontalScrollBar().maximum() == 0
        for button in (page.trash.back, page.trash.bring_back, page.trash.empty):
            assert button.width() >= button.minimumSizeHint().width()
