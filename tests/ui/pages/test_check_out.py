from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from musicmed_desktop.affect import Affect, mood
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Entry
from musicmed_desktop.plan import build_plan
from musicmed_desktop.ui.pages.check_out import CheckOutPage
from musicmed_desktop.ui.pages.check_out.outcome import may_need_help, outcome
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import CheckIn, Ended
from musicmed_desktop.ui.theme import appearance
from tests.fakes.records import record_of
from tests.fakes.showing import settle, shown

LEFT = Qt.MouseButton.LeftButton
ID = "5" * 32


def ended(services: Services, clips: int | None = None, error: UserError | None = None) -> Ended:
    """A session from worried to calm that the library keeps."""
    check_in = CheckIn(mood("worried").affect, mood("calm").affect, 5.0)
    record = record_of(build_plan(check_in.prescription(), seed=1), clips=clips)
    entry = Entry.of(ID, datetime.now(UTC), record)
    put(services, entry)
    return Ended(check_in, entry, record, record.shortened, error)


def put(services: Services, entry: Entry) -> None:
    services.library.collection.index.create()
    services.library.collection.index.add(entry, "2026-01-05 worried to calm", ())


def nothing(error: UserError | None = None) -> Ended:
    check_in = CheckIn(mood("worried").affect, mood("calm").affect, 5.0)
    return Ended(check_in, None, None, shortened=True, error=error)


@pytest.fixture
def page(services: Services, qtbot: QtBot) -> CheckOutPage:
    return shown(qtbot, CheckOutPage(services))


def touch(qtbot: QtBot, page: CheckOutPage, affect: Affect) -> None:
    pad = page.asking.feeling.pad
    QTest.mouseClick(pad, LEFT, pos=pad.canvas.at(affect).toPoint())


def seen(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def kept(services: Services) -> Entry:
    return next(entry for entry in services.library.entries() if entry.id == ID)


def test_the_answer_and_the_note_are_kept(page: CheckOutPage, services: Services, qtbot: QtBot) -> None:
    page.show_ended(ended(services))
    assert not page.asking.done.isEnabled()
    touch(qtbot, page, Affect(0.6, -0.7))
    QTest.keyClicks(page.asking.note, "Slept a little")
    QTest.mouseClick(page.asking.done, LEFT)
    settle(qtbot, services)
    entry = kept(services)
    assert entry.after is not None
    assert entry.after.distance(Affect(0.6, -0.7)) < 0.02
    assert entry.note == "Slept a little"
    assert "You came from feeling worried and now feel" in seen(page)
    assert page.result.isVisible()


def test_skipping_keeps_nothing_but_a_written_note(page: CheckOutPage, services: Services, qtbot: QtBot) -> None:
    page.show_ended(ended(services))
    QTest.keyClicks(page.asking.note, "Rain")
    QTest.mouseClick(page.asking.skip, LEFT)
    settle(qtbot, services)
    assert (kept(services).after, kept(services).note) == (None, "Rain")
    assert "the music led towards calm" in seen(page)


def test_a_point_that_is_skipped_is_not_kept(page: CheckOutPage, services: Services, qtbot: QtBot) -> None:
    page.show_ended(ended(services))
    touch(qtbot, page, Affect(0.0, 0.5))
    QTest.mouseClick(page.asking.skip, LEFT)
    settle(qtbot, services)
    assert kept(services).after is None


def test_the_next_session_is_asked_anew(page: CheckOutPage, services: Services, qtbot: QtBot) -> None:
    end = ended(services)
    page.show_ended(end)
    touch(qtbot, page, Affect(0.6, -0.7))
    QTest.keyClicks(page.asking.note, "First")
    QTest.mouseClick(page.asking.done, LEFT)
    settle(qtbot, services)
    page.show_ended(end)
    assert page.asking.isVisible()
    assert (page.asking.feeling.affect, page.asking.written) == (None, "")


def test_the_ways_on(page: CheckOutPage, services: Services, qtbot: QtBot) -> None:
    page.show_ended(ended(services))
    touch(qtbot, page, mood("calm").affect)
    QTest.mouseClick(page.asking.done, LEFT)
    settle(qtbot, services)
    with qtbot.waitSignal(page.replay_requested) as replay:
        QTest.mouseClick(page.result.again, LEFT)
    assert replay.args == [kept(services)]
    with qtbot.waitSignal(page.new_session_requested):
        QTest.mouseClick(page.result.new_session, LEFT)
    with qtbot.waitSignal(page.sessions_requested):
        QTest.mouseClick(page.result.sessions, LEFT)


def test_who_feels_worse_is_offered_help_and_others_are_not(
    page: CheckOutPage, services: Services, qtbot: QtBot
) -> None:
    end = ended(services)
    page.show_ended(end)
    touch(qtbot, page, mood("panicky").affect)
    QTest.mouseClick(page.asking.done, LEFT)
    settle(qtbot, services)
    assert "nothing that you did" in seen(page)
    with qtbot.waitSignal(page.help_requested):
        QTest.mouseClick(page.result.find_help, LEFT)
    page.show_ended(end)
    touch(qtbot, page, mood("calm").affect)
    QTest.mouseClick(page.asking.done, LEFT)
    settle(qtbot, services)
    assert not page.result.find_help.isVisible()


def test_what_cannot_be_kept_is_told_and_can_be_tried_again(
    page: CheckOutPage, services: Services, qtbot: QtBot
) -> None:
    end = ended(services)
    page.show_ended(end)
    services.library.collection.index.remove(ID)
    touch(qtbot, page, mood("calm").affect)
    QTest.mouseClick(page.asking.done, LEFT)
    qtbot.waitUntil(lambda: bool(page.findChildren(QMessageBox)))
    assert end.entry is not None
    put(services, end.entry)
    box = page.findChildren(QMessageBox)[0]
    assert box.text() == "What you said could not be kept."
    again = next(each for each in box.findChildren(QPushButton) if each.text() == "Try again")
    QTest.mouseClick(again, LEFT)
    settle(qtbot, services)
    assert kept(services).after is not None


def test_an_early_end_and_an_error_are_told_in_words(page: CheckOutPage, services: Services) -> None:
    end = ended(services, clips=4)
    page.show_ended(end)
    assert "You ended the session early. What you have heard is kept." in seen(page)
    lost = UserError("The sound device is gone.", "Plug it in again.")
    page.show_ended(Ended(end.check_in, end.entry, end.record, shortened=True, error=lost))
    assert "The sound device is gone. Plug it in again. What you have heard until then is kept." in seen(page)


def test_a_session_that_left_nothing_shows_a_way_on(page: CheckOutPage, qtbot: QtBot) -> None:
    page.show_ended(nothing())
    assert "too short to be kept" in seen(page)
    with qtbot.waitSignal(page.new_session_requested):
        QTest.mouseClick(page.nothing.new_session, LEFT)


def test_what_went_wrong_is_told_and_its_detail_unfolds(page: CheckOutPage, qtbot: QtBot) -> None:
    page.show_ended(nothing(UserError("The disk is full.", "Make room, and try again.", "errno 28")))
    assert "The disk is full." in seen(page)
    assert "errno 28" not in seen(page)
    QTest.mouseClick(page.nothing.details, LEFT)
    assert "errno 28" in seen(page)


@pytest.mark.parametrize("size", [100, 175])
def test_asking_and_result_fit_at_any_text_size(
    page: CheckOutPage, services: Services, qtbot: QtBot, size: int
) -> None:
    appearance().apply("light", size)
    page.resize(960 - round(1.96 * size), 680)  # what the rail leaves
    page.show_ended(ended(services))
    qtbot.wait(20)
    assert page.asking.page.horizontalScrollBar().maximum() == 0
    touch(qtbot, page, mood("panicky").affect)
    QTest.mouseClick(page.asking.done, LEFT)
    settle(qtbot, services)
    qtbot.wait(20)
    assert page.result.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize(
    ("before", "wished", "after", "words"),
    [
        ("worried", "calm", "calm", "That is where you wanted to be."),
        ("worried", "calm", "at ease", "That is close to calm."),
        ("worried", "calm", "worried", "You felt worried before, and you feel worried now. Some days"),
        ("depressed", "positive", "neutral", "That is part of the way to positive."),
        ("tired", "positive", "gloomy", "It did not lead to positive this time."),
        ("calm", "calm", "calm", "You felt calm before, and you feel calm now. That is where you wanted to be."),
    ],
)
def test_outcomes_in_words(before: str, wished: str, after: str, words: str) -> None:
    text = outcome(mood(before).affect, mood(wished).affect, mood(after).affect)
    assert words in text
    assert "!" not in text
    assert not any(letter.isdigit() for letter in text)


@pytest.mark.parametrize(
    ("before", "after", "felt_worse", "help_is_offered"),
    [
        ("worried", "panicky", False, True),
        ("neutral", "sad", False, True),
        ("hopeless", "hopeless", False, True),
        ("worried", "calm", True, False),
        ("worried", "tired", True, True),
        ("worried", "tired", False, False),
        ("excited", "calm", False, False),
    ],
)
def test_who_is_offered_help(before: str, after: str, felt_worse: bool, help_is_offered: bool) -> None:
    assert may_need_help(mood(before).affect, mood(after).affect, felt_worse) is help_is_offered


def test_who_skipped_is_offered_help_only_after_feeling_worse() -> None:
    worried = mood("worried").affect
    assert (may_need_help(worried, None, True), may_need_help(worried, None, False)) == (True, False)
