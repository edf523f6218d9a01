from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from musicmed_desktop.audio.loudness import loudness
from musicmed_desktop.audio.output import Output
from musicmed_desktop.errors import UserError
from musicmed_desktop.settings import CAREFUL_LIMIT
from musicmed_desktop.ui.pages.introduction import INTRODUCTION, CrisisHelp, IntroductionPage
from musicmed_desktop.ui.pages.introduction.chords import SAMPLE_RATE, gentle_chords
from musicmed_desktop.ui.pages.introduction.help_lines import help_lines
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.sound import SilentSound
from musicmed_desktop.ui.theme import appearance
from tests.fakes.showing import settle, shown

LEFT = Qt.MouseButton.LeftButton


class NoSound:
    """A computer without a sound device."""

    speed = 1.0

    def open(self) -> Output:
        raise UserError("There is no sound device.", "Plug one in.")

    def devices(self) -> tuple[str, ...]:
        return ()


@pytest.fixture
def page(services: Services, qtbot: QtBot) -> IntroductionPage:
    return shown(qtbot, IntroductionPage(services))


def forward(qtbot: QtBot, page: IntroductionPage, steps: int = 1) -> None:
    for _ in range(steps):
        QTest.mouseClick(page.next, LEFT)


def seen(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def to_the_sound(qtbot: QtBot, page: IntroductionPage, *yes: str) -> None:
    forward(qtbot, page)
    for name in yes:
        QTest.mouseClick(page.screening.asked[name].yes, LEFT)
    forward(qtbot, page, 2)


def test_four_steps_forth_and_back(page: IntroductionPage, qtbot: QtBot) -> None:
    assert page.progress.text() == "Step 1 of 4"
    assert not page.back.isEnabled()
    assert "does not replace treatment" in seen(page)
    forward(qtbot, page)
    assert page.progress.text() == "Step 2 of 4"
    QTest.mouseClick(page.back, LEFT)
    assert page.progress.text() == "Step 1 of 4"
    forward(qtbot, page, 3)
    assert (page.progress.text(), page.next.text()) == ("Step 4 of 4", "Finish")


def test_finishing_is_written_down_and_it_can_be_read_again(
    page: IntroductionPage, services: Services, qtbot: QtBot
) -> None:
    to_the_sound(qtbot, page)
    assert services.preferences.settings.first_run_done is None
    with qtbot.waitSignal(page.finished):
        forward(qtbot, page)
    assert services.preferences.settings.first_run_done == INTRODUCTION
    assert page.progress.text() == "Step 1 of 4"


def test_it_can_be_read_with_the_keyboard_alone(page: IntroductionPage, qtbot: QtBot) -> None:
    page.next.setFocus()
    for _ in range(3):
        QTest.keyClick(page.next, Qt.Key.Key_Space)
    with qtbot.waitSignal(page.finished):
        QTest.keyClick(page.next, Qt.Key.Key_Space)


def test_ears_that_need_care_get_a_lower_limit(page: IntroductionPage, services: Services, qtbot: QtBot) -> None:
    before = services.preferences.settings.volume_limit
    forward(qtbot, page)
    asked = page.screening.asked["hearing"]
    assert not asked.care.isVisible()
    QTest.mouseClick(asked.yes, LEFT)
    assert asked.care.isVisible()
    forward(qtbot, page)
    settings = services.preferences.settings
    assert (settings.hearing_care, settings.volume_limit) == (True, CAREFUL_LIMIT)
    QTest.mouseClick(page.back, LEFT)
    QTest.mouseClick(asked.no, LEFT)
    forward(qtbot, page)
    settings = services.preferences.settings
    assert (settings.hearing_care, settings.volume_limit) == (False, before)


def test_a_lower_limit_that_was_there_stays(services: Services, qtbot: QtBot) -> None:
    services.preferences.change(volume_limit=0.3)
    page = shown(qtbot, IntroductionPage(services))
    to_the_sound(qtbot, page, "hearing")
    assert services.preferences.settings.volume_limit == 0.3
    assert page.sound.volume.accessibleDescription() == "At most 30 %"


def test_no_answer_is_kept_that_nothing_follows_from(page: IntroductionPage, services: Services, qtbot: QtBot) -> None:
    before = services.preferences.settings
    forward(qtbot, page)
    for name in ("seizures", "heart"):
        QTest.mouseClick(page.screening.asked[name].yes, LEFT)
    assert "doctor" in page.screening.asked["heart"].care.text()
    forward(qtbot, page, 3)
    assert services.preferences.settings == before


def test_after_a_seizure_nothing_plays_before_a_doctor_was_asked(
    page: IntroductionPage, services: Services, qtbot: QtBot
) -> None:
    to_the_sound(qtbot, page, "seizures")
    assert not page.sound.play.isEnabled()
    box = page.sound.agreed
    QTest.mouseClick(box, LEFT, pos=QPoint(12, box.height() // 2))
    assert page.sound.play.isEnabled()
    with qtbot.waitSignal(page.finished):
        forward(qtbot, page)
    assert services.preferences.settings.first_run_done == INTRODUCTION


def test_the_sound_plays_and_stops(page: IntroductionPage, services: Services, qtbot: QtBot) -> None:
    to_the_sound(qtbot, page)
    QTest.mouseClick(page.sound.play, LEFT)
    qtbot.waitUntil(lambda: page.sound.playing)
    assert page.sound.play.text() == "Stop"
    QTest.mouseClick(page.sound.play, LEFT)
    assert not page.sound.playing
    assert page.sound.play.text() == "Play a gentle sound"
    settle(qtbot, services)


def test_the_sound_ends_by_itself(page: IntroductionPage, services: Services, qtbot: QtBot) -> None:
    to_the_sound(qtbot, page)
    QTest.mouseClick(page.sound.play, LEFT)
    qtbot.waitUntil(lambda: page.sound.playing)
    qtbot.waitUntil(lambda: page.sound.play.text() == "Play a gentle sound")  # 21 s at 20 times the speed
    settle(qtbot, services)


def test_leaving_the_step_silences_it(services: Services, qtbot: QtBot) -> None:
    page = shown(qtbot, IntroductionPage(replace(services, sound=SilentSound())))
    to_the_sound(qtbot, page)
    QTest.mouseClick(page.sound.play, LEFT)
    qtbot.waitUntil(lambda: page.sound.playing)
    QTest.mouseClick(page.back, LEFT)
    assert not page.sound.playing
    settle(qtbot, services)


def test_a_second_press_before_the_device_is_open_means_stop(services: Services, qtbot: QtBot) -> None:
    page = shown(qtbot, IntroductionPage(replace(services, sound=SilentSound())))
    to_the_sound(qtbot, page)
    QTest.mouseClick(page.sound.play, LEFT)
    QTest.mouseClick(page.sound.play, LEFT)
    assert not page.sound.playing
    settle(qtbot, services)
    assert not any("sound" in thread.name for thread in threading.enumerate())


def test_the_volume_slider_sets_the_volume(page: IntroductionPage, services: Services, qtbot: QtBot) -> None:
    to_the_sound(qtbot, page)
    before = services.preferences.settings.volume
    page.sound.volume.setFocus()
    QTest.keyClick(page.sound.volume, Qt.Key.Key_Right)
    assert services.preferences.settings.volume == pytest.approx(before + 0.02)
    QTest.keyClick(page.sound.volume, Qt.Key.Key_End)
    assert services.preferences.settings.volume == services.preferences.settings.volume_limit


def test_hearing_nothing_gets_hints(page: IntroductionPage, qtbot: QtBot) -> None:
    to_the_sound(qtbot, page)
    QTest.mouseClick(page.sound.nothing, LEFT)
    assert "switched on and plugged in" in page.sound.said.text()
    QTest.mouseClick(page.sound.well, LEFT)
    assert "ready" in page.sound.said.text()


def test_without_a_sound_device_it_goes_on_with_a_clear_word(services: Services, qtbot: QtBot) -> None:
    page = shown(qtbot, IntroductionPage(replace(services, sound=NoSound())))
    to_the_sound(qtbot, page)
    QTest.mouseClick(page.sound.play, LEFT)
    qtbot.waitUntil(lambda: "There is no sound device. Plug one in. You can go on all the same" in seen(page))
    with qtbot.waitSignal(page.finished):
        forward(qtbot, page)


def test_the_chords_are_as_loud_as_a_calm_session() -> None:
    frames = gentle_chords()
    assert frames.dtype == np.float32
    assert frames.shape[1] == 2
    assert -22 < loudness(frames, SAMPLE_RATE) < -18
    assert float(np.abs(frames).max()) < 0.7
    assert float(np.abs(frames[:100]).max()) < 0.001
    assert float(np.abs(frames[-100:]).max()) < 0.001


def test_help_follows_the_country(qtbot: QtBot) -> None:
    page = CrisisHelp()
    qtbot.addWidget(page)
    page.show()
    choice = page.by_country.country
    choice.setFocus()
    QTest.keyClick(choice, Qt.Key.Key_Home)
    assert "13 11 14" in page.by_country.numbers
    QTest.keyClick(choice, Qt.Key.Key_End)
    assert page.by_country.numbers.startswith("112 in the European Union")


def test_help_names_the_known_numbers() -> None:
    numbers = {each.code: (each.emergency, [line.number for line in each.lines]) for each in help_lines().countries}
    assert numbers["US"] == ("911", ["988"])
    assert numbers["GB"] == ("999 or 112", ["116 123"])
    assert numbers["DE"] == ("112", ["0800 1110111 or 0800 1110222"])
    assert numbers["AU"] == ("000", ["13 11 14"])


def test_every_number_has_a_source() -> None:
    known = help_lines()
    assert all(each.sources and all(source.startswith("http") for source in each.sources) for each in known.countries)
    assert all(each.source for each in known.elsewhere.directories)
    assert [each.country for each in known.countries] == sorted(each.country for each in known.countries)


@pytest.mark.parametrize("size", [100, 150, 175])
def test_nothing_is_cut_off_at_any_text_size(page: IntroductionPage, qtbot: QtBot, size: int) -> None:
    appearance().apply("light", size)
    page.resize(720, 560)
    to_the_sound(qtbot, page, "hearing", "seizures", "heart")
    for _ in range(4):
        qtbot.wait(10)
        assert page.step.horizontalScrollBar().maximum() == 0, page.progress.text()
        QTest.mouseClick(page.back, LEFT)


def test_every_control_has_a_name(page: IntroductionPage) -> None:
    controls = [each for each in page.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    controls = [each for each in controls if each.window() is page]  # the list of a combo box is a window of its own
    assert len(controls) > 10
    for each in controls:
        assert each.accessibleName() or (isinstance(each, QAbstractButton | QLabel) and each.text()), each


def test_keys_scroll_the_text_above_the_buttons(services: Services, qtbot: QtBot) -> None:
    """The first step has nothing else that takes keys."""
    appearance().apply("light", 175)
    page = shown(qtbot, IntroductionPage(services))
    bar = page.step.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    qtbot.keyClick(page.next, Qt.Key.Key_PageDown)
    assert bar.value() > 0


def test_the_sound_falls_silent_though_other_work_is_waited_for(
    services: Services, page: IntroductionPage, qtbot: QtBot
) -> None:
    forward(qtbot, page, 3)
    QTest.mouseClick(page.sound.play, LEFT)
    qtbot.waitUntil(lambda: page.sound.playing)
    player = page.sound._player
    assert player is not None
    go_on = threading.Event()
    services.tasks.run(lambda: go_on.wait(10))
    QTest.mouseClick(page.sound.play, LEFT)  # which says Stop
    qtbot.waitUntil(lambda: player.state == "stopped", timeout=2000)
    go_on.set()
