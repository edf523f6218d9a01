"""What leaves the page as a file: a copy of the music, a session for a therapist, a table."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mutagen.flac import FLAC
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from musicmed_desktop.affect import Affect
from musicmed_desktop.library import Entry
from musicmed_desktop.library.exchange import PassphraseNeededError, read_parcel
from musicmed_desktop.ui.pages.sessions import SessionsPage
from musicmed_desktop.ui.pages.sessions.sending import SendDialog
from musicmed_desktop.ui.pages.sessions.targets import target_of
from musicmed_desktop.ui.services import Services
from tests.fakes.sessions import keep_session
from tests.fakes.showing import shown

LEFT = Qt.MouseButton.LeftButton
Save = Callable[[Path], str]


@pytest.fixture
def entry(services: Services) -> Entry:
    kept = keep_session(services.library, datetime(2026, 5, 3, 20, tzinfo=UTC))
    return services.library.change(kept.id, title="Evening rain", note="Slept well", after=Affect(0.4, -0.4))


@pytest.fixture
def page(services: Services, entry: Entry, qtbot: QtBot) -> SessionsPage:
    page = shown(qtbot, SessionsPage(services), 760, 640)
    qtbot.waitUntil(page.list.view.isVisible)
    page.list.view.setFocus()
    return page


@pytest.fixture
def save(page: SessionsPage, qtbot: QtBot) -> Save:
    """Answers the question for a file, and waits until it is said to be there."""

    def answered(target: Path) -> str:
        told: list[str] = []
        page.notice.connect(lambda words, _undo: told.append(words))
        qtbot.waitUntil(lambda: page.findChild(QFileDialog) is not None)
        dialog = page.findChild(QFileDialog)
        assert dialog is not None
        dialog.selectFile(str(target))
        dialog.accept()
        qtbot.waitUntil(lambda: any(str(target) in words for words in told))
        return told[-1]

    return answered


def asked(page: SessionsPage, qtbot: QtBot) -> SendDialog:
    QTest.keyClick(
        page.list.view, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    qtbot.waitUntil(lambda: page.findChild(SendDialog) is not None)
    dialog = page.findChild(SendDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def test_a_copy_says_what_it_is_and_has_a_cover(page: SessionsPage, save: Save, tmp_path: Path) -> None:
    QTest.keyClick(page.list.view, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    save(tmp_path / "copy.flac")
    copy = FLAC(tmp_path / "copy.flac")
    assert copy["title"] == ["Evening rain"]
    assert copy.pictures[0].data.startswith(b"\x89PNG")
    assert "Slept well" not in str(copy.tags)


def test_a_therapist_gets_all_that_was_said_and_the_music(
    page: SessionsPage, entry: Entry, save: Save, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = asked(page, qtbot)
    assert "kB)" in dialog.music.text()
    QTest.mouseClick(dialog.go_on, LEFT)
    words = save(tmp_path / "mine.musicmed")
    assert "give this file to your therapist" in words
    parcel = read_parcel(tmp_path / "mine.musicmed")
    assert parcel.entry == entry
    assert "session.flac" in parcel.files


def test_a_file_without_music_and_with_a_passphrase(
    page: SessionsPage, save: Save, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = asked(page, qtbot)
    dialog.music.click()
    dialog.locking.wanted.click()
    assert dialog.locking.secrets.fields[0].hasFocus()
    QTest.keyClicks(dialog.locking.secrets.fields[0], "rain on the roof")
    QTest.keyClicks(dialog.locking.secrets.fields[1], "rain on the roof")
    QTest.keyClick(dialog.locking.secrets.fields[1], Qt.Key.Key_Return)
    target = tmp_path / "mine.musicmed"
    save(target)
    with pytest.raises(PassphraseNeededError):
        read_parcel(target)
    parcel = read_parcel(target, "rain on the roof")
    assert (parcel.entry.title, "session.flac" in parcel.files) == ("Evening rain", False)
    assert b"Evening rain" not in target.read_bytes()


@pytest.mark.parametrize(("first", "again", "words"), [("", "", "type a passphrase"), ("rain", "rian", "not the same")])
def test_a_passphrase_that_was_mistyped_is_asked_again(
    page: SessionsPage, qtbot: QtBot, first: str, again: str, words: str
) -> None:
    dialog = asked(page, qtbot)
    dialog.locking.wanted.click()
    dialog.locking.secrets.fields[0].setText(first)
    dialog.locking.secrets.fields[1].setText(again)
    QTest.mouseClick(dialog.go_on, LEFT)
    assert dialog.isVisible()
    assert words in dialog.locking.trouble.text()
    assert page.findChild(QFileDialog) is None
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.findChild(SendDialog) is None)


def test_without_its_music_a_session_offers_none(
    page: SessionsPage, services: Services, entry: Entry, qtbot: QtBot
) -> None:
    services.library.collection.index.set_files(entry.id, ())
    dialog = asked(page, qtbot)
    assert not dialog.music.isEnabled()
    assert not dialog.music.isChecked()
    dialog.reject()


def test_all_sessions_become_a_table(page: SessionsPage, entry: Entry, save: Save, tmp_path: Path) -> None:
    page.more.table.trigger()
    assert save(tmp_path / "all.csv").startswith("1 session was written")
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["id"], row["note"]) == (entry.id, "Slept well")


def test_all_data_becomes_json_even_where_a_course_cannot_be_read(
    page: SessionsPage, services: Services, save: Save, tmp_path: Path
) -> None:
    keep_session(services.library, datetime(2026, 5, 4, 20, tzinfo=UTC))
    folder = services.library.collection.index.folder(services.library.entries()[0].id)
    (services.library.folder / "sessions" / folder / "session.json").write_text("nothing")
    page.more.table.trigger()
    save(tmp_path / "all.json")
    sessions = json.loads((tmp_path / "all.json").read_text())["sessions"]
    assert [session["record"] is None for session in sessions] == [True, False]


def test_a_name_without_a_suffix_gets_the_one_that_was_chosen(tmp_path: Path) -> None:
    kinds = ("flac", "mp3")
    assert target_of(tmp_path / "a.MP3", kinds, "flac") == tmp_path / "a.MP3"
    assert target_of(tmp_path / "Dr. Who", kinds, "flac") == tmp_path / "Dr. Who.flac"
    (tmp_path / "Dr. Who.flac").touch()
    assert target_of(tmp_path / "Dr. Who", kinds, "flac") == tmp_path / "Dr. Who (2).flac"


def test_the_buttons_of_the_question_are_whole(page: SessionsPage, qtbot: QtBot) -> None:
    dialog = asked(page, qtbot)
    dialog.locking.wanted.click()
    qtbot.wait(20)
    for button in dialog.findChildren(QPushButton):
        assert button.visibleRegion().boundingRect() == button.rect()
    dialog.reject()
