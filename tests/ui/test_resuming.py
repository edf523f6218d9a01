"""What the window offers after a crash, with sessions that were really cut off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile
from PySide6.QtWidgets import QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from musicmed_desktop.library import Library
from musicmed_desktop.ui.resuming import Resuming, words_of
from musicmed_desktop.ui.selftest.hands import click, find_button
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import SessionController
from musicmed_desktop.ui.window import Window
from tests.fakes.sessions import NOON, interrupt_session
from tests.fakes.showing import settle

QUESTION = "A session stopped in the middle. What should become of it?"


@pytest.fixture
def resuming(window: Window, services: Services, controller: SessionController) -> Resuming:
    return Resuming(window, services, controller)


def look(qtbot: QtBot, services: Services, resuming: Resuming) -> None:
    """As at the start of the app."""
    services.tasks.run(services.library.settle)
    resuming.look()
    settle(qtbot, services)


def offered(window: Window) -> str:
    """What the check-in page asks about; "" where it asks nothing."""
    texts = [each.text() for each in window.places.check_in.findChildren(QLabel) if each.isVisible()]
    return texts[texts.index(QUESTION) + 1] if QUESTION in texts else ""


def answer(window: Window, text: str) -> None:
    (box,) = (each for each in window.findChildren(QMessageBox) if each.isVisible())
    click(next(each for each in box.buttons() if each.text() == text))


def test_without_any_nothing_is_asked(qtbot: QtBot, window: Window, services: Services, resuming: Resuming) -> None:
    look(qtbot, services, resuming)
    assert offered(window) == ""


def test_the_newest_is_offered_and_kept_then_the_next_one(
    qtbot: QtBot, window: Window, services: Services, resuming: Resuming
) -> None:
    interrupt_session(services.library, clips=1, started=NOON - timedelta(days=400), minutes=3.0)
    newest = interrupt_session(services.library, clips=2, minutes=3.0)
    look(qtbot, services, resuming)
    assert offered(window) == words_of(newest, datetime.now(UTC))
    click(find_button(window, "Keep this session as it is"))
    settle(qtbot, services)
    qtbot.waitUntil(lambda: "stopped after 30 seconds" in offered(window))
    (kept,) = services.library.entries()
    assert (kept.id, kept.shortened) == (newest.id, True)
    assert window.places.notice.accessibleName() == "What you heard is kept in My sessions."


def test_not_answering_changes_nothing(qtbot: QtBot, window: Window, services: Services, resuming: Resuming) -> None:
    found = interrupt_session(services.library)
    look(qtbot, services, resuming)
    window.close()
    assert Library(services.library.folder).interrupted() == (found,)


def test_throwing_away_is_asked_about(qtbot: QtBot, window: Window, services: Services, resuming: Resuming) -> None:
    found = interrupt_session(services.library)
    look(qtbot, services, resuming)
    click(find_button(window, "Throw this session away"))
    answer(window, "Leave it")
    assert services.library.interrupted() == (found,)
    assert offered(window)
    click(find_button(window, "Throw this session away"))
    answer(window, "Throw it away")
    qtbot.waitUntil(lambda: services.library.interrupted() == ())
    settle(qtbot, services)
    assert offered(window) == ""
    assert list((services.library.folder / "sessions").iterdir()) == []


def test_it_goes_on_and_the_check_out_shows_the_whole_session(
    qtbot: QtBot, window: Window, services: Services, resuming: Resuming
) -> None:
    found = interrupt_session(services.library, clips=2, minutes=3.0)
    look(qtbot, services, resuming)
    click(find_button(window, "Go on with this session"))
    assert window.places.here == "listening"
    assert offered(window) == ""
    qtbot.waitUntil(lambda: window.places.here == "check_out", timeout=20_000)
    (kept,) = services.library.entries()
    assert (kept.id, kept.shortened) == (found.id, False)
    assert kept.seconds > 170
    settle(qtbot, services)
    assert services.library.interrupted() == ()


def test_stopped_at_once_it_is_not_lost_and_offered_again(
    qtbot: QtBot, window: Window, services: Services, resuming: Resuming
) -> None:
    found = interrupt_session(services.library)
    look(qtbot, services, resuming)
    click(find_button(window, "Go on with this session"))
    window.places.listening.stop()
    qtbot.waitUntil(lambda: window.places.here == "check_out", timeout=10_000)
    assert "What you have heard is not lost" in window.places.check_out.nothing.words.text()
    settle(qtbot, services)
    click(find_button(window.places.check_out, "New session"))
    assert offered(window) == words_of(found, datetime.now(UTC))


def test_one_that_another_program_kept_meanwhile_is_told_and_no_longer_offered(
    qtbot: QtBot, window: Window, services: Services, resuming: Resuming
) -> None:
    found = interrupt_session(services.library)
    look(qtbot, services, resuming)
    Library(services.library.folder).throw_away(found)
    click(find_button(window, "Keep this session as it is"))
    settle(qtbot, services)
    answer(window, "Close")
    settle(qtbot, services)
    assert offered(window) == ""


def test_what_is_complete_is_kept_without_a_question(
    qtbot: QtBot, window: Window, services: Services, resuming: Resuming
) -> None:
    interrupt_session(services.library, clips=4, minutes=2.0)  # all of it; only the joined sound is missing
    look(qtbot, services, resuming)
    assert offered(window) == ""
    (kept,) = services.library.entries()
    assert not kept.shortened


def test_what_else_lies_in_the_folder_hides_nothing(
    qtbot: QtBot, window: Window, services: Services, resuming: Resuming, tmp_path: Path
) -> None:
    found = interrupt_session(services.library)
    lock = QLockFile(str(services.library.folder / "window.lock"))
    assert lock.tryLock(0)
    (services.library.folder / "notes.txt").write_text("mine")
    assert Library(services.library.folder).interrupted() == (found,)
    look(qtbot, services, resuming)
    assert offered(window)
    lock.unlock()


def test_words(services: Services) -> None:
    found = interrupt_session(services.library)
    now = found.entry.started + timedelta(days=1)
    assert words_of(found, now).startswith("From anxious to calm. Yesterday, ")
