"""Session files that are brought in: many at once, bad ones, locked ones."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from musicmed_desktop.library import exchange
from musicmed_desktop.library.exchange import write_parcel
from musicmed_desktop.ui.pages.sessions import SessionsPage
from musicmed_desktop.ui.pages.sessions.arrival_words import came_words, locked_words
from musicmed_desktop.ui.pages.sessions.bringing import Arrivals
from musicmed_desktop.ui.services import Services
from tests.fakes.parcels import short_parcel
from tests.fakes.showing import shown

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(services: Services, qtbot: QtBot) -> SessionsPage:
    page = shown(qtbot, SessionsPage(services), 760, 640)
    qtbot.waitUntil(page.empty.isVisible)
    return page


def files(folder: Path, count: int, passphrase: str | None = None, first: int = 0) -> list[Path]:
    """Files of short sessions without music."""
    folder.mkdir(exist_ok=True)
    parcel = short_parcel(sound=False)
    numbers = range(first, first + count)
    paths = [folder / f"session {number}.musicmed" for number in numbers]
    for number, path in zip(numbers, paths, strict=True):
        entry = parcel.entry.changed(id=f"{number:032x}", title=f"Number {number}")
        write_parcel(replace(parcel, entry=entry), path, passphrase)
    return paths


def told(page: SessionsPage) -> list[str]:
    words: list[str] = []
    page.notice.connect(lambda said, _undo: words.append(said))
    return words


def test_many_files_come_one_after_another_past_a_bad_one(
    page: SessionsPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    paths = files(tmp_path, 6)
    paths[2].write_bytes(b"no session")
    seen: list[str] = []
    page.bringing.progressed.connect(lambda: seen.append(page.arriving.how_far.text()))
    page.bringing.begin([*paths, paths[0]])
    assert page.arriving.bar.isVisible()
    qtbot.waitUntil(page.arriving.outcome.isVisible)
    assert page.arriving.outcome.text() == (
        "5 sessions were brought in. 1 session was here already. 1 file could not be brought in."
    )
    assert "3 of 7 files" in seen
    assert len(services.library.entries()) == 5
    QTest.mouseClick(page.arriving.show_which, LEFT)
    assert page.arriving.which.toPlainText().startswith("session 2.musicmed is not a MusicMed session.")
    qtbot.waitUntil(lambda: page.list.chosen is not None and page.list.chosen.title == "Number 0")
    QTest.mouseClick(page.arriving.close_button, LEFT)
    assert not page.arriving.isVisible()


def test_where_all_is_well_a_notice_is_enough(page: SessionsPage, qtbot: QtBot, tmp_path: Path) -> None:
    paths, said = files(tmp_path, 2), told(page)
    QTest.keyClick(page, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.fileMode() == QFileDialog.FileMode.ExistingFiles
    dialog.filesSelected.emit([str(path) for path in paths])
    dialog.reject()
    qtbot.waitUntil(lambda: said == ["2 sessions were brought in."])
    assert not page.arriving.isVisible()
    qtbot.waitUntil(page.list.view.isVisible)


def test_a_passphrase_is_tried_for_every_file_that_needs_one(
    page: SessionsPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    ours, theirs = files(tmp_path, 2, "rain"), files(tmp_path, 1, "snow", first=9)
    said = told(page)
    page.bringing.begin([*ours, *theirs, *files(tmp_path, 1, first=20)])
    question = page.arriving.question
    qtbot.waitUntil(question.isVisible)
    assert len(services.library.entries()) == 1  # what needs none came meanwhile
    qtbot.waitUntil(page.list.view.isVisible)  # and is there to be seen
    assert question.words.text().endswith("are locked with a passphrase.")
    field = question.secrets.fields[0]
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClicks(field, "rain")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == ""
    qtbot.waitUntil(lambda: question.isVisible() and "does not open session 9" in question.words.text())
    assert len(services.library.entries()) == 3
    QTest.keyClicks(field, "snow")
    QTest.mouseClick(question.go_on, LEFT)
    qtbot.waitUntil(lambda: said == ["4 sessions were brought in."])


def test_locked_files_may_be_left_out(page: SessionsPage, services: Services, qtbot: QtBot, tmp_path: Path) -> None:
    said = told(page)
    page.bringing.begin(files(tmp_path, 1, "rain"))
    qtbot.waitUntil(page.arriving.question.isVisible)
    QTest.mouseClick(page.arriving.question.skip, LEFT)
    assert said == ["1 file stayed locked."]
    assert not page.arriving.isVisible()
    assert services.library.entries() == ()


def test_it_can_be_stopped_and_what_came_stays(
    page: SessionsPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    said = told(page)
    page.bringing.begin(files(tmp_path, 40))
    qtbot.waitUntil(lambda: page.bringing.done >= 2)
    QTest.mouseClick(page.arriving.stop, LEFT)
    qtbot.waitUntil(lambda: bool(said))
    came = len(services.library.entries())
    assert 2 <= came < 40
    assert said == [f"{came} sessions were brought in. {40 - came} files were left out."]


def test_more_files_join_those_that_are_on_their_way(
    page: SessionsPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    said = told(page)
    page.bringing.begin(files(tmp_path, 3))
    page.bringing.begin(files(tmp_path, 2, first=10))
    assert page.bringing.total == 5
    qtbot.waitUntil(lambda: said == ["5 sessions were brought in."])


def test_a_fault_of_the_app_surfaces_and_the_others_go_on(
    page: SessionsPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, read = files(tmp_path, 2), exchange.read_parcel

    def faulty(path: Path, passphrase: str | None) -> object:
        return read(path, passphrase) if path != paths[0] else 1 / 0

    reports: list[type[BaseException]] = []
    monkeypatch.setattr(exchange, "read_parcel", faulty)
    monkeypatch.setattr(sys, "excepthook", lambda kind, _error, _trace: reports.append(kind))
    page.bringing.begin(paths)
    qtbot.waitUntil(page.arriving.outcome.isVisible)
    assert reports == [ZeroDivisionError]
    assert page.arriving.outcome.text() == "1 session was brought in. 1 file could not be brought in."


@pytest.mark.parametrize(
    ("arrivals", "words"),
    [
        (Arrivals(), ""),
        (Arrivals(new=["a"] * 1200), "1,200 sessions were brought in."),
        (Arrivals(known=2), "2 sessions were here already."),
        (Arrivals(completed=1), "1 session was here already and got what was missing."),
        (Arrivals(completed=2), "2 sessions were here already and got what was missing."),
        (Arrivals(known=2, completed=1), "3 sessions were here already; 1 of them got what was missing."),
    ],
)
def test_what_came_is_told_in_words(arrivals: Arrivals, words: str) -> None:
    assert came_words(arrivals) == words


def test_a_few_locked_files_are_named_and_many_are_counted() -> None:
    assert locked_words(["a", "b"], tried=False) == "a and b are locked with a passphrase."
    assert locked_words(["a"] * 9, tried=False) == "9 files are locked with a passphrase."
