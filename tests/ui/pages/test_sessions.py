"""The page "My sessions" over a real library, with real keys and clicks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import soundfile
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit, QMenu, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from musicmed_desktop.affect import Affect
from musicmed_desktop.library import Entry
from musicmed_desktop.ui.pages.sessions import SessionsPage
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.theme import appearance
from tests.fakes.sessions import keep_session, many_sessions
from tests.fakes.showing import shown

Key, Modifier = Qt.Key, Qt.KeyboardModifier
LEFT = Qt.MouseButton.LeftButton
Open = Callable[[], SessionsPage]


@pytest.fixture
def three(services: Services) -> list[Entry]:
    """Three sessions, the newest first: of today, of last week, and of last year."""
    now = datetime.now().astimezone()
    kept = [
        keep_session(services.library, now - timedelta(minutes=1), start="anxious", target="calm"),
        keep_session(services.library, now - timedelta(days=8), start="sad", target="happy"),
        keep_session(services.library, now - timedelta(days=400), start="angry", target="content"),
    ]
    felt = services.library.change(kept[0].id, after=Affect(0.4, -0.4), note="Slept well")
    return [felt, *kept[1:]]


@pytest.fixture
def open_page(services: Services, qtbot: QtBot) -> Open:
    def opened() -> SessionsPage:
        page = shown(qtbot, SessionsPage(services), 760, 640)
        count = len(services.library.entries())
        qtbot.waitUntil(lambda: page.list.view.isVisible() if count else page.empty.isVisible())
        page.list.view.setFocus()
        return page

    return opened


def titles(page: SessionsPage) -> list[str]:
    model = page.list.view.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def named(page: SessionsPage, text: str) -> QPushButton:
    return next(button for button in page.findChildren(QPushButton) if button.text() == text)


def test_without_sessions_the_page_says_so_warmly(open_page: Open) -> None:
    page = open_page()
    assert page.empty.isVisible()
    assert not page.list.isVisible()
    assert not page.filters.isVisible()


def test_the_newest_session_comes_first_and_is_chosen(open_page: Open, three: list[Entry]) -> None:
    page = open_page()
    assert titles(page) == [entry.title for entry in three]
    assert page.list.chosen == three[0]
    assert page.list.details.title.text() == "From anxious to calm"
    assert page.list.details.note.text() == "Slept well"


def test_enter_asks_to_listen_again_to_the_chosen_session(open_page: Open, three: list[Entry], qtbot: QtBot) -> None:
    page = open_page()
    QTest.keyClick(page.list.view, Key.Key_Down)
    with qtbot.waitSignal(page.replay_requested) as asked:
        QTest.keyClick(page.list.view, Key.Key_Return)
    assert asked.args == [three[1]]


def test_a_double_click_and_the_button_ask_the_same(open_page: Open, three: list[Entry], qtbot: QtBot) -> None:
    page = open_page()
    view = page.list.view
    place = view.visualRect(view.model().index(1, 0)).center()
    with qtbot.waitSignal(page.replay_requested) as asked:
        QTest.mouseClick(view.viewport(), LEFT, pos=place)
        QTest.mouseDClick(view.viewport(), LEFT, pos=place)
    assert asked.args == [three[1]]
    with qtbot.waitSignal(page.replay_requested) as asked:
        QTest.mouseClick(named(page, "Listen again"), LEFT)
    assert asked.args == [three[1]]


def test_f2_renames_in_place(open_page: Open, three: list[Entry], services: Services, qtbot: QtBot) -> None:
    page = open_page()
    QTest.keyClick(page.list.view, Key.Key_F2)
    editor = page.list.view.viewport().findChild(QLineEdit)
    assert editor is not None
    assert editor.text() == "From anxious to calm"
    editor.selectAll()
    QTest.keyClicks(editor, "The evening after the exam")
    QTest.keyClick(editor, Key.Key_Return)
    qtbot.waitUntil(lambda: titles(page)[0] == "The evening after the exam")
    qtbot.waitUntil(lambda: services.library.entries()[0].title == "The evening after the exam")
    assert services.library.entries()[0].note == "Slept well"
    qtbot.waitUntil(lambda: page.list.view.hasFocus())


def test_an_empty_title_is_not_taken(open_page: Open, three: list[Entry], qtbot: QtBot) -> None:
    page = open_page()
    QTest.mouseClick(named(page, "Rename"), LEFT)
    editor = page.list.view.viewport().findChild(QLineEdit)
    assert editor is not None
    editor.clear()
    QTest.keyClick(editor, Key.Key_Return)
    qtbot.waitUntil(lambda: page.list.view.viewport().findChild(QLineEdit) is None)
    assert titles(page)[0] == "From anxious to calm"


@pytest.mark.parametrize("key", [(Key.Key_D, Modifier.ControlModifier), (Key.Key_Asterisk, Modifier.ShiftModifier)])
def test_a_key_makes_a_favourite_and_takes_it_back(
    open_page: Open, three: list[Entry], services: Services, qtbot: QtBot, key: tuple[Qt.Key, Qt.KeyboardModifier]
) -> None:
    page = open_page()
    for wanted in (True, False):
        QTest.keyClick(page.list.view, *key)
        qtbot.waitUntil(lambda wanted=wanted: services.library.entries()[0].favourite is wanted)  # type: ignore[misc]
        assert page.list.chosen is not None
        assert page.list.chosen.favourite is wanted
        assert named(page, "Favourite").isChecked() is wanted


def test_the_star_of_a_row_can_be_pressed(
    open_page: Open, three: list[Entry], services: Services, qtbot: QtBot
) -> None:
    page = open_page()
    view = page.list.view
    row = view.visualRect(view.model().index(2, 0))
    QTest.mouseClick(view.viewport(), LEFT, pos=row.topRight() + QPoint(-20, 20))
    qtbot.waitUntil(lambda: [entry.favourite for entry in services.library.entries()] == [False, False, True])


def test_delete_removes_at_once_and_can_be_undone(
    open_page: Open, three: list[Entry], services: Services, qtbot: QtBot
) -> None:
    page = open_page()
    QTest.keyClick(page.list.view, Key.Key_Down)
    with qtbot.waitSignal(page.notice) as told:
        QTest.keyClick(page.list.view, Key.Key_Delete)
        assert titles(page) == [three[0].title, three[2].title]
    words, undo = told.args
    assert three[1].title in words
    assert len(services.library.entries()) == 2
    assert page.list.chosen == three[2]
    undo()
    qtbot.waitUntil(lambda: len(titles(page)) == 3)
    assert services.library.entries() == tuple(three)
    assert page.list.chosen == three[1]


def test_after_the_last_one_is_deleted_the_page_is_empty(open_page: Open, services: Services, qtbot: QtBot) -> None:
    keep_session(services.library)
    page = open_page()
    with qtbot.waitSignal(page.notice):
        QTest.keyClick(page.list.view, Key.Key_Delete)
    assert page.empty.isVisible()


def test_delete_in_the_search_field_deletes_a_letter_only(open_page: Open, three: list[Entry], qtbot: QtBot) -> None:
    page = open_page()
    QTest.mouseClick(page.filters.search, LEFT)
    QTest.keyClicks(page.filters.search, "sadz")
    QTest.keyClick(page.filters.search, Key.Key_Backspace)
    qtbot.waitUntil(lambda: titles(page) == ["From sad to happy"])
    assert page.filters.search.text() == "sad"


@pytest.mark.parametrize(("suffix", "kind"), [("flac", "FLAC"), ("wav", "WAV"), ("ogg", "OGG"), ("mp3", "MP3")])
def test_a_copy_is_saved_in_the_form_that_its_name_says(
    open_page: Open, three: list[Entry], qtbot: QtBot, tmp_path: Path, suffix: str, kind: str
) -> None:
    page = open_page()
    target = tmp_path / f"copy.{suffix}"
    QTest.keyClick(page.list.view, Key.Key_E, Modifier.ControlModifier)
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    dialog.selectFile(str(target))
    told: list[str] = []
    page.notice.connect(lambda words, _undo: told.append(words))
    dialog.accept()
    qtbot.waitUntil(lambda: any(str(target) in words for words in told))
    assert soundfile.info(target).format == kind


def test_the_chosen_form_gives_the_copy_its_suffix(
    open_page: Open, three: list[Entry], qtbot: QtBot, tmp_path: Path
) -> None:
    page = open_page()
    QTest.mouseClick(named(page, "Save a copy…"), LEFT)
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    assert Path(dialog.selectedFiles()[0]).stem == f"{three[0].started:%Y-%m-%d} From anxious to calm"
    dialog.setDirectory(str(tmp_path))
    forms = dialog.findChild(QComboBox, "fileTypeCombo")
    assert forms is not None
    QTest.keyClick(forms, Key.Key_Down)
    dialog.accept()
    with qtbot.waitSignal(page.notice, check_params_cb=lambda words, _: "saved" in words):
        pass
    (copy,) = tmp_path.glob("*.wav")
    assert soundfile.info(copy).format == "WAV"


def test_what_cannot_be_done_is_said_and_the_list_is_as_the_library_is(
    open_page: Open, three: list[Entry], services: Services, qtbot: QtBot
) -> None:
    page = open_page()
    services.library.delete(three[0].id)  # by somebody else, for good
    services.library.purge(days=0)
    QTest.keyClick(page.list.view, Key.Key_D, Modifier.ControlModifier)
    qtbot.waitUntil(lambda: page.findChild(QMessageBox) is not None)
    box = page.findChild(QMessageBox)
    assert box is not None
    assert "no longer there" in box.text()
    qtbot.waitUntil(lambda: titles(page) == [three[1].title, three[2].title])
    box.close()


def test_words_favourites_and_span_narrow_the_list(open_page: Open, three: list[Entry], qtbot: QtBot) -> None:
    page = open_page()
    QTest.keyClick(page.list.view, Key.Key_D, Modifier.ControlModifier)
    QTest.keyClicks(page.filters.search, "slept")
    qtbot.waitUntil(lambda: titles(page) == [three[0].title])
    page.filters.search.clear()
    qtbot.waitUntil(lambda: len(titles(page)) == 3)
    QTest.mouseClick(page.filters.favourites, LEFT, pos=QPoint(14, page.filters.favourites.height() // 2))
    assert titles(page) == [three[0].title]
    page.filters.favourites.setFocus()
    QTest.keyClick(page.filters.favourites, Key.Key_Space)
    QTest.keyClick(page.filters.span, Key.Key_Down)
    assert titles(page) == [three[0].title, three[1].title]


def test_where_nothing_is_found_one_press_shows_everything(open_page: Open, three: list[Entry], qtbot: QtBot) -> None:
    page = open_page()
    QTest.keyClicks(page.filters.search, "zebra")
    qtbot.waitUntil(page.list.nothing_found.isVisible)
    assert not page.list.view.isVisible()
    QTest.mouseClick(named(page, "Show all sessions"), LEFT)
    qtbot.waitUntil(page.list.view.isVisible)
    assert len(titles(page)) == 3


def test_what_is_new_is_there_when_the_page_is_shown_again(
    open_page: Open, three: list[Entry], services: Services, qtbot: QtBot
) -> None:
    page = open_page()
    QTest.keyClick(page.list.view, Key.Key_Down)
    page.hide()
    keep_session(services.library, datetime.now().astimezone(), start="tense", target="calm")
    page.show()
    qtbot.waitUntil(lambda: len(titles(page)) == 4)
    assert page.list.chosen == three[1]


def test_an_unreadable_library_is_told_and_tried_again(open_page: Open, services: Services, qtbot: QtBot) -> None:
    page = open_page()
    page.hide()
    index = services.library.folder / "library.sqlite3"
    index.parent.mkdir(parents=True, exist_ok=True)
    index.write_text("This is not a database, and it is long enough not to be taken for an empty one. " * 20)
    page.show()
    qtbot.waitUntil(page.failed.isVisible)
    index.unlink()
    keep_session(services.library)
    QTest.mouseClick(named(page, "Try again"), LEFT)
    qtbot.waitUntil(page.list.view.isVisible)


@pytest.mark.qt_log_ignore("This plugin does not support")  # offscreen, a menu cannot grab the keyboard
def test_the_context_menu_has_every_action(open_page: Open, three: list[Entry], qtbot: QtBot) -> None:
    page = open_page()
    assert [action.text() for action in page.list.view.actions()] == [
        "Listen again",
        "Rename",
        "Favourite",
        "Save a copy…",
        "Save for your therapist…",
        "Delete",
    ]
    view = page.list.view
    place = QPoint(20, 20)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, view.mapToGlobal(place))
    QApplication.sendEvent(view, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    with qtbot.waitSignal(page.replay_requested):
        QTest.keyClick(menu, Key.Key_Down)
        QTest.keyClick(menu, Key.Key_Return)


def test_nothing_is_cut_off_at_any_size(open_page: Open, three: list[Entry], qtbot: QtBot) -> None:
    page = open_page()
    for size, width in ((100, 760), (175, 617), (175, 930)):
        appearance().apply("dark", size)
        page.resize(width, 640)
        qtbot.wait(30)
        assert page.horizontalScrollBar().maximum() == 0
        assert page.list.view.height() <= page.viewport().height()
        for button in page.list.details.findChildren(QPushButton):
            assert button.width() >= button.minimumSizeHint().width()
            assert button.height() >= 32


def test_every_row_is_told_to_a_screen_reader(open_page: Open, three: list[Entry]) -> None:
    page = open_page()
    told = page.list.view.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told.startswith("From anxious to calm, ")
    assert "much calmer" in told


def test_thousands_of_sessions_do_not_hold_up_the_window(services: Services, qtbot: QtBot) -> None:
    many_sessions(services.library.folder, 1000)
    page = SessionsPage(services)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: len(titles(page)) == 1000)
    QTest.keyClicks(page.filters.search, "number 99")
    qtbot.waitUntil(lambda: len(titles(page)) == 19)
    assert page.list.chosen is not None
    assert "number 99" in page.list.details.note.text()


def test_paint_survives_a_new_look(open_page: Open, three: list[Entry]) -> None:
    page = open_page()
    light = page.grab().toImage()
    appearance().apply("contrast", 150)
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    assert page.grab().toImage() != light
