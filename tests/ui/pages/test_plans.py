"""Plans that come as files and go: from a therapist's check-in page to a patient's."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from musicmed_desktop.affect import mood
from musicmed_desktop.library import Library
from musicmed_desktop.library.exchange import read_plan, write_parcel, write_plan
from musicmed_desktop.library.receiving import send
from musicmed_desktop.plan import Prescription, parse_prescription
from musicmed_desktop.ui.pages.check_in import CheckInPage
from musicmed_desktop.ui.pages.check_in.plan_saving import SavePlanDialog
from musicmed_desktop.ui.passphrase import PassphraseDialog
from musicmed_desktop.ui.selftest.hands import click, find_button
from musicmed_desktop.ui.selftest.visit import point_at
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import CheckIn, SessionController
from musicmed_desktop.ui.window import Window
from tests.fakes.sessions import NOON, keep_session
from tests.fakes.showing import settle, shown

WORDS = "For the time before you sleep."
PLAN = parse_prescription(
    {"start": "worried", "target": "quiet", "minutes": 2, "palette": {"instruments": ["harp"], "genres": ["ambient"]}}
)


@pytest.fixture
def page(services: Services, qtbot: QtBot) -> CheckInPage:
    return shown(qtbot, CheckInPage(services))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "evening.musicmed-plan"
    write_plan(PLAN, path, WORDS)
    return path


def dialog_of(page: QWidget, kind: type[QWidget]) -> QWidget:
    (dialog,) = (each for each in page.window().findChildren(kind) if each.isVisible())
    return dialog


def opened(qtbot: QtBot, services: Services, page: CheckInPage, file: Path) -> None:
    page.plans.open(file)
    settle(qtbot, services)


def test_a_plan_is_shown_and_started_from_where_the_listener_is(
    qtbot: QtBot, services: Services, page: CheckInPage, file: Path
) -> None:
    asked: list[CheckIn] = []
    page.start_requested.connect(asked.append)
    opened(qtbot, services, page, file)
    assert page._plan_card.words.text() == WORDS
    assert page._plan_card.asks.text() == "From worried to quiet: 2 minutes, soft and floating, harp."
    assert not page.wishes.isVisible()
    assert not page.start.isEnabled()
    point_at(page.feeling.pad, "sad")
    click(page.start)
    (check_in,) = asked
    assert check_in.before.distance(mood("sad").affect) < 0.02
    assert check_in.prescription() == PLAN
    assert services.preferences.settings.minutes == 15  # what the listener likes is not what was prescribed


def test_a_plan_that_begins_elsewhere_says_so(qtbot: QtBot, services: Services, page: CheckInPage, file: Path) -> None:
    opened(qtbot, services, page, file)
    caution = "You feel happy now, and the plan begins at worried."
    point_at(page.feeling.pad, "happy")
    qtbot.waitUntil(lambda: caution in said(page))
    assert page.start.accessibleDescription() == "The plan walks from worried to quiet in 2 minutes."
    point_at(page.feeling.pad, "worried")
    qtbot.waitUntil(lambda: caution not in said(page))


def said(page: CheckInPage) -> str:
    return page._bar._caution.text() if page._bar._caution.isVisible() else ""


def test_put_away_the_listener_chooses_again(qtbot: QtBot, services: Services, page: CheckInPage, file: Path) -> None:
    opened(qtbot, services, page, file)
    click(find_button(page, "Put the plan away"))
    assert page.wishes.isVisible()
    assert not page._plan_card.isVisible()
    assert page.check_in is None


def test_a_locked_plan_asks_for_its_passphrase(
    qtbot: QtBot, services: Services, page: CheckInPage, tmp_path: Path
) -> None:
    write_plan(PLAN, tmp_path / "locked.musicmed-plan", WORDS, "between us two")
    opened(qtbot, services, page, tmp_path / "locked.musicmed-plan")
    dialog = dialog_of(page, PassphraseDialog)
    assert isinstance(dialog, PassphraseDialog)
    dialog.secrets.fields[0].setText("not that")
    click(dialog.yes)
    qtbot.waitUntil(dialog.trouble.isVisible)
    dialog.secrets.fields[0].setText("between us two")
    with qtbot.waitSignal(page.plans.opened):
        click(dialog.yes)
    assert page._plan_card.words.text() == WORDS


@pytest.mark.parametrize("content", [b"", b"{}", b'{"format": "musicmed-plan"}', b"\x00\xff" * 500])
def test_what_is_no_plan_is_told(
    qtbot: QtBot, services: Services, page: CheckInPage, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "odd.musicmed-plan").write_bytes(content)
    opened(qtbot, services, page, tmp_path / "odd.musicmed-plan")
    box = dialog_of(page, QMessageBox)
    assert isinstance(box, QMessageBox)
    assert "odd.musicmed-plan" in box.text()
    assert page.wishes.isVisible()


@pytest.mark.parametrize("passphrase", ["", "between us two"])
def test_what_is_chosen_is_saved_as_a_plan(
    qtbot: QtBot, services: Services, page: CheckInPage, tmp_path: Path, passphrase: str
) -> None:
    assert not page.plans.save.isEnabled()
    point_at(page.feeling.pad, "angry")
    click(find_button(page, "Calm"))
    qtbot.waitUntil(page.plans.save.isEnabled)
    click(page.plans.save)
    dialog = dialog_of(page, SavePlanDialog)
    assert isinstance(dialog, SavePlanDialog)
    QTest.keyClicks(dialog.words, "Take your time.")
    if passphrase:
        click(dialog.locking.wanted)
        for field in dialog.locking.secrets.fields:
            field.setText(passphrase)
    click(dialog.save)
    chooser = dialog_of(page, QFileDialog)
    assert isinstance(chooser, QFileDialog)
    with qtbot.waitSignal(page.notice) as notice:
        chooser.fileSelected.emit(str(tmp_path / "mine"))
    target = tmp_path / "mine.musicmed-plan"
    assert notice.args == [f"The plan was saved as {target}. You can give it to your patient now.", None]
    plan = read_plan(target, passphrase or None)
    check_in = page.check_in
    assert check_in is not None
    assert (plan.words, plan.prescription) == ("Take your time.", check_in.prescription())


def test_a_passphrase_that_is_not_typed_twice_the_same_is_not_used(qtbot: QtBot, page: CheckInPage) -> None:
    dialog = SavePlanDialog(page, PLAN)
    wanted: list[str] = []
    dialog.wanted.connect(wanted.append)
    dialog.open()
    click(dialog.locking.wanted)
    click(dialog.save)
    assert dialog.locking.trouble.text().startswith("Please type a passphrase")
    dialog.locking.secrets.fields[0].setText("between us two")
    dialog.locking.secrets.fields[1].setText("between us too")
    click(dialog.save)
    assert dialog.locking.trouble.text().startswith("The two passphrases are not the same.")
    assert wanted == []
    dialog.reject()


def drop(window: Window, *paths: Path) -> bool:
    """Let go of files over the middle of the window, as the system tells of it; whether they were taken."""
    data, middle = QMimeData(), QPoint(window.width() // 2, window.height() // 2)
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    how = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(middle), *how)
    QApplication.sendEvent(window.windowHandle(), QDragEnterEvent(middle, *how))
    QApplication.sendEvent(window.windowHandle(), event)
    return event.isAccepted()


@pytest.mark.parametrize("place", ["sessions", "help"])
def test_a_plan_may_be_dropped_anywhere(
    qtbot: QtBot, services: Services, window: Window, file: Path, place: str
) -> None:
    window.places.go(place)
    assert drop(window, file)
    settle(qtbot, services)
    assert window.places.check_in._plan_card.words.text() == WORDS
    assert window.places.here == "check_in"


def test_a_plan_is_dropped_on_the_window_and_played(
    qtbot: QtBot, services: Services, window: Window, controller: SessionController, file: Path
) -> None:
    window.places.go("settings")
    assert drop(window, file)
    settle(qtbot, services)
    assert window.places.here == "check_in"
    point_at(window.places.check_in.feeling.pad, "sad")
    click(window.places.check_in.start)
    qtbot.waitUntil(lambda: controller.position_s > 1, timeout=10_000)
    qtbot.waitUntil(lambda: window.places.here == "check_out", timeout=20_000)
    (entry,) = services.library.entries()
    assert (entry.start_word, entry.target_word) == ("sad", "quiet")  # felt, and prescribed
    assert services.library.record(entry.id).prescription == PLAN
    assert not window.places.check_in._plan_card.isVisibleTo(window.places.check_in)


def test_while_music_plays_no_plan_is_opened(
    qtbot: QtBot, services: Services, window: Window, controller: SessionController, file: Path
) -> None:
    window.places.start(CheckIn(mood("sad").affect, mood("calm").affect, 2.0))
    window.open_files([file])
    settle(qtbot, services)
    assert window.places.here == "listening"
    assert "stop it first" in window.places.notice.accessibleName()


@pytest.mark.parametrize("place", ["check_in", "sessions"])
def test_sessions_are_dropped_on_the_window_and_brought_in(
    qtbot: QtBot, services: Services, window: Window, tmp_path: Path, place: str
) -> None:
    other, folder = Library(tmp_path / "other"), tmp_path / "from the clinic"
    folder.mkdir()
    kept = [keep_session(other, NOON + timedelta(days=day)) for day in range(2)]
    write_parcel(send(other, kept[0].id), tmp_path / "one.musicmed")
    write_parcel(send(other, kept[1].id), folder / "two.musicmed")
    (folder / "holiday.jpg").touch()
    window.places.go(place)
    assert drop(window, tmp_path / "one.musicmed", folder)
    assert window.places.here == "sessions"
    qtbot.waitUntil(lambda: services.library.entries() == (kept[1], kept[0]), timeout=10_000)


def test_what_it_cannot_open_it_says(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear")
    assert drop(window, tmp_path / "letter.txt")
    box = dialog_of(window, QMessageBox)
    assert isinstance(box, QMessageBox)
    assert box.text() == "MusicMed cannot open this file."


def test_a_plan_keeps_all_that_a_therapist_may_write() -> None:
    plan = Prescription(start=mood("sad").affect, target=mood("calm").affect, path="straight", note="after lunch")
    check_in = CheckIn.by(plan, mood("happy").affect)
    assert check_in.prescription() is plan
