from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from musicmed_desktop.affect import Affect, mood, nearest
from musicmed_desktop.engines.builtin.instruments import INSTRUMENTS as PLAYED
from musicmed_desktop.plan.palette import tag_of
from musicmed_desktop.ui.feeling import FeelingPicker
from musicmed_desktop.ui.pages.check_in import CheckInPage
from musicmed_desktop.ui.pages.check_in.hearing import INSTRUMENTS, STYLES, Hearing
from musicmed_desktop.ui.pages.check_in.presets import PRESETS
from musicmed_desktop.ui.pages.check_in.sentences import caution, missing, promise
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import CheckIn
from musicmed_desktop.ui.theme import appearance
from tests.fakes.showing import shown

LEFT = Qt.MouseButton.LeftButton
Open = Callable[[], CheckInPage]


@pytest.fixture
def open_page(services: Services, qtbot: QtBot) -> Open:
    return lambda: shown(qtbot, CheckInPage(services))


def press(qtbot: QtBot, page: QWidget, text: str) -> None:
    """Click the visible button that says so, to the eye or to a screen reader."""
    found = [
        each
        for each in page.findChildren(QAbstractButton)
        if each.isVisible() and text in (each.text(), each.accessibleName())
    ]
    assert len(found) == 1, text
    QTest.mouseClick(found[0], LEFT)


def touch(qtbot: QtBot, picker: FeelingPicker, affect: Affect) -> None:
    at = picker.pad.canvas.at(affect).toPoint()
    QTest.mouseClick(picker.pad, LEFT, pos=at)


def click_word(qtbot: QtBot, picker: FeelingPicker, word: str) -> None:
    words = picker.words.list
    rows = range(words.model().rowCount())
    index = next(words.model().index(row, 0) for row in rows if words.model().index(row, 0).data() == word)
    words.scrollTo(index)
    QTest.mouseClick(words.viewport(), LEFT, pos=words.visualRect(index).center())


def say(page: CheckInPage) -> str:
    """All that the foot of the page says."""
    return page.start.accessibleDescription()


def test_three_clicks_from_the_pad_to_the_music(open_page: Open, qtbot: QtBot) -> None:
    page = open_page()
    asked: list[CheckIn] = []
    page.start_requested.connect(asked.append)
    touch(qtbot, page.feeling, Affect(-0.6, 0.6))
    press(qtbot, page, "Calm")
    press(qtbot, page, "Start")
    assert len(asked) == 1
    assert asked[0].before.distance(Affect(-0.6, 0.6)) < 0.02
    assert asked[0].wished == mood("calm").affect
    assert asked[0].minutes == 15
    assert asked[0].prescription().minutes == 15


def test_three_clicks_from_a_word_to_the_music(open_page: Open, qtbot: QtBot) -> None:
    page = open_page()
    asked: list[CheckIn] = []
    page.start_requested.connect(asked.append)
    click_word(qtbot, page.feeling, "worried")
    press(qtbot, page, "Ready for sleep")
    press(qtbot, page, "Start")
    assert [(each.before_word, each.wished_word) for each in asked] == [("worried", "quiet")]


def test_start_waits_for_feeling_and_wish_and_says_what_is_missing(open_page: Open, qtbot: QtBot) -> None:
    page = open_page()
    assert not page.start.isEnabled()
    assert say(page) == missing(None, None)
    click_word(qtbot, page.feeling, "afraid")
    assert not page.start.isEnabled()
    qtbot.waitUntil(lambda: say(page) == "Now choose where you would like to go.")
    press(qtbot, page, "Lifted")
    assert page.start.isEnabled()
    qtbot.waitUntil(lambda: "walk to a lighter mood in 15 minutes" in say(page))


def test_the_planned_path_is_drawn_before_the_start(open_page: Open, qtbot: QtBot) -> None:
    page = open_page()
    click_word(qtbot, page.feeling, "anxious")
    press(qtbot, page, "Focused")
    before = page.feeling.pad.grab().toImage()
    qtbot.waitUntil(lambda: page.feeling.pad.grab().toImage() != before, timeout=1000)
    qtbot.waitUntil(lambda: "walk to a clear mind" in say(page))


def test_typing_narrows_the_words_and_enter_takes_the_first_without_starting(open_page: Open, qtbot: QtBot) -> None:
    page = open_page()
    press(qtbot, page, "Calm")
    asked: list[CheckIn] = []
    page.start_requested.connect(asked.append)
    field, words = page.feeling.words.field, page.feeling.words.list
    field.setFocus()
    QTest.keyClicks(field, "worr")
    assert [words.model().index(row, 0).data() for row in range(words.model().rowCount())] == ["worried"]
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert page.feeling.affect == mood("worried").affect
    assert asked == []


def test_a_word_that_is_not_there_is_answered(open_page: Open, qtbot: QtBot) -> None:
    page = open_page()
    QTest.keyClicks(page.feeling.words.field, "xyzzy")
    assert any(
        label.isVisible() and label.text().startswith("No such word") for label in page.feeling.findChildren(QLabel)
    )


def test_moving_the_point_marks_the_nearest_word(open_page: Open, qtbot: QtBot) -> None:
    page = open_page()
    words = page.feeling.words.list
    QTest.keyClicks(page.feeling.words.field, "happy")
    touch(qtbot, page.feeling, mood("gloomy").affect)
    assert words.currentIndex().data() == "gloomy"
    page.feeling.pad.setFocus()
    QTest.keyClick(page.feeling.pad, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    here = page.feeling.affect
    assert here is not None
    assert words.currentIndex().data() == nearest(here, 1, "feeling")[0].word


def test_the_arrow_keys_go_through_the_words(open_page: Open, qtbot: QtBot) -> None:
    page = open_page()
    field, words = page.feeling.words.field, page.feeling.words.list
    QTest.keyClicks(field, "hope")
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert words.hasFocus()
    first = page.feeling.affect
    QTest.keyClick(words, Qt.Key.Key_Down)
    assert (first, page.feeling.affect) == (mood("hopeful").affect, mood("hopeless").affect)


def test_all_can_be_done_by_keyboard(open_page: Open, qtbot: QtBot) -> None:
    page = open_page()
    asked: list[CheckIn] = []
    page.start_requested.connect(asked.append)
    page.feeling.pad.setFocus()
    QTest.keyClick(page.feeling.pad, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    for _ in range(30):
        focused = page.focusWidget()
        if isinstance(focused, QPushButton) and focused.accessibleName() == "Calm":
            break
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    assert page.start.isEnabled()
    page.feeling.pad.setFocus()
    QTest.keyClick(page.feeling.pad, Qt.Key.Key_Return)
    assert [each.wished_word for each in asked] == ["calm"]


def test_somewhere_else_is_chosen_on_a_second_picture(open_page: Open, qtbot: QtBot) -> None:
    page = open_page()
    assert not page.elsewhere.isVisible()
    click_word(qtbot, page.feeling, "tired")
    press(qtbot, page, "Somewhere else")
    assert page.elsewhere.isVisible()
    assert not page.start.isEnabled()
    click_word(qtbot, page.elsewhere, "hopeful")
    assert page.start.isEnabled()
    qtbot.waitUntil(lambda: "walk to feeling hopeful" in say(page))
    press(qtbot, page, "Calm")
    assert not page.elsewhere.isVisible()


def test_what_to_hear_is_remembered_from_start_to_start(open_page: Open, services: Services, qtbot: QtBot) -> None:
    page = open_page()
    press(qtbot, page, "Change what you would like to hear")
    press(qtbot, page, "30 minutes")
    press(qtbot, page, "Jazz")
    press(qtbot, page, "Piano")
    press(qtbot, page, "Harp")
    press(qtbot, page, "Piano")
    assert services.preferences.settings.instruments == ()  # not yet
    asked: list[CheckIn] = []
    page.start_requested.connect(asked.append)
    click_word(qtbot, page.feeling, "tired")
    press(qtbot, page, "Calm")
    press(qtbot, page, "Start")
    assert (asked[0].minutes, asked[0].instruments, asked[0].genre) == (30, ("harp",), "jazz")
    assert open_page().hearing.hearing == Hearing(30, ("harp",), "jazz")


def test_any_instruments_takes_all_choices_back(open_page: Open, qtbot: QtBot) -> None:
    page = open_page()
    press(qtbot, page, "Change what you would like to hear")
    press(qtbot, page, "Flute")
    assert page.hearing.hearing.summary() == "15 minutes, any style, flute."
    press(qtbot, page, "Any instruments")
    assert page.hearing.hearing == Hearing()


def test_odd_settings_are_kept_and_offered(open_page: Open, services: Services, qtbot: QtBot) -> None:
    services.preferences.change(minutes=1.0, instruments=("banjo",))
    page = open_page()
    assert page.hearing.hearing.minutes == 1
    press(qtbot, page, "Change what you would like to hear")
    press(qtbot, page, "Banjo")
    assert page.hearing.hearing == Hearing(1.0)


def test_what_the_planner_refuses_is_said_beside_start(open_page: Open, services: Services, qtbot: QtBot) -> None:
    services.preferences.change(genre="no such style")
    page = open_page()
    click_word(qtbot, page.feeling, "tired")
    press(qtbot, page, "Calm")
    qtbot.waitUntil(lambda: say(page) == "This cannot be played as it is.")
    assert not page.start.isEnabled()
    press(qtbot, page, "Change what you would like to hear")
    press(qtbot, page, "Any style")
    qtbot.waitUntil(page.start.isEnabled)


def test_start_cannot_be_pressed_twice(open_page: Open, qtbot: QtBot) -> None:
    page = open_page()
    click_word(qtbot, page.feeling, "tired")
    press(qtbot, page, "Calm")
    page.start_requested.connect(lambda _: page.set_busy(True))
    with qtbot.waitSignal(page.start_requested):
        press(qtbot, page, "Start")
    assert not page.start.isEnabled()
    page.set_busy(False)
    assert page.start.isEnabled()


def test_reset_forgets_the_moods_and_keeps_what_to_hear(open_page: Open, qtbot: QtBot) -> None:
    page = open_page()
    press(qtbot, page, "Change what you would like to hear")
    press(qtbot, page, "Flute")
    click_word(qtbot, page.feeling, "tired")
    press(qtbot, page, "Somewhere else")
    page.reset()
    assert page.check_in is None
    assert page.feeling.affect is None
    assert not page.elsewhere.isVisible()
    assert page.hearing.hearing.instruments == ("flute",)
    assert say(page) == missing(None, None)


@pytest.mark.parametrize(
    ("button", "answer"), [("Go on", "go_on"), ("Keep it as it is", "keep"), ("Throw it away…", "throw_away")]
)
def test_an_interrupted_session_is_offered(open_page: Open, qtbot: QtBot, button: str, answer: str) -> None:
    page = open_page()
    page.offer("From worried to calm")
    with qtbot.waitSignal(page.resume_answered) as answered:
        press(qtbot, page, button)
    assert answered.args == [answer]
    page.offer("")
    assert not any(each.isVisible() for each in page.findChildren(QPushButton) if each.text() == button)


@pytest.mark.parametrize("size", [100, 125, 150, 175])
def test_nothing_is_cut_off_at_any_text_size(open_page: Open, qtbot: QtBot, size: int) -> None:
    page = open_page()
    press(qtbot, page, "Somewhere else")
    press(qtbot, page, "Change what you would like to hear")
    page.resize(960 - round(1.96 * size), 680)  # what the rail leaves
    appearance().apply("light", size)
    qtbot.wait(20)
    assert page.page.horizontalScrollBar().maximum() == 0
    assert page.start.visibleRegion().boundingRect().size() == page.start.size()
    bottom = page.start.mapTo(page, QPoint(0, page.start.height())).y()
    assert bottom <= page.height()


def test_every_control_has_a_name(open_page: Open) -> None:
    page = open_page()
    controls = [each for each in page.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    nameless = [
        each
        for each in controls
        if not each.accessibleName() and not (isinstance(each, QAbstractButton) and each.text())
    ]
    assert nameless == []
    assert len(controls) > 10


def test_presets_are_felt_moods_that_are_pleasant() -> None:
    for preset in PRESETS:
        assert nearest(preset.affect, 1, "feeling")[0].word == preset.word
        assert preset.affect.valence > 0.3
    arousals = {preset.name: preset.affect.arousal for preset in PRESETS}
    assert arousals["Ready for sleep"] < arousals["Calm"] < arousals["Focused"] < arousals["Lifted"]


def test_the_composer_plays_what_is_offered() -> None:
    assert set(INSTRUMENTS) <= set(PLAYED)
    assert all(tag_of("genre", style) for style in STYLES if style)


def test_solo_piano_is_played_by_a_piano_unless_something_else_is_chosen() -> None:
    calm = mood("calm").affect
    assert CheckIn(calm, calm, 15, (), "solo piano").prescription().palette.instruments == ("piano",)
    assert CheckIn(calm, calm, 15, ("harp",), "solo piano").prescription().palette.instruments == ("harp",)


def test_sentences() -> None:
    worried, calm, sad = (mood(word).affect for word in ("worried", "calm", "sad"))
    assert promise(worried, calm, "calm", 15) == "We will meet you where you are and walk to calm in 15 minutes."
    assert promise(calm, calm, "calm", 1) == (
        "You are close to calm already. The music will keep you company there for 1 minute."
    )
    assert caution(worried, calm) == ""
    assert "heavier mood than now" in caution(calm, sad)
    assert "heavy place to end in" in caution(sad, sad)
