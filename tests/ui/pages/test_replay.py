"""The replay page over a real file, a real player and a silent clock at twenty times the speed."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from musicmed_desktop.affect import mood
from musicmed_desktop.audio.files import AudioWriter
from musicmed_desktop.library import Entry
from musicmed_desktop.session.record import SessionRecord
from musicmed_desktop.ui.pages.replay import ReplayPage
from musicmed_desktop.ui.pages.replay.thread import AHEAD_S, BLOCK_S
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.theme import appearance
from tests.fakes.recordings import walk
from tests.fakes.records import record_of

RATE = 8000
SECONDS = 120
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def audio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two minutes whose magnitude tells the second: silence at the start, 0.5 at the end."""
    path = tmp_path_factory.mktemp("stored") / "session.flac"
    ramp = np.linspace(0, 0.5, SECONDS * RATE, dtype=np.float32)
    with AudioWriter(path, RATE, 2, "flac") as writer:
        writer.write(np.stack([ramp, -ramp], axis=1))
    return path


@pytest.fixture
def record() -> SessionRecord:
    return record_of(walk(minutes=SECONDS / 60))


@pytest.fixture
def entry(record: SessionRecord) -> Entry:
    entry = Entry.of("2024-01-02", datetime(2024, 1, 2, tzinfo=UTC), record)
    return entry.changed(note="Rain outside.", after=mood("calm").affect)


@pytest.fixture
def page(qtbot: QtBot, main_window: QMainWindow, services: Services) -> Iterator[ReplayPage]:
    page = ReplayPage(services)
    main_window.setCentralWidget(page)
    with qtbot.waitActive(main_window):
        main_window.show()
    yield page
    page.leave()
    qtbot.waitUntil(lambda: not page.fading)


def position_s(page: ReplayPage) -> float:
    return page.player.position_s if page.player else 0.0


def test_it_plays_and_shows_to_the_end_and_again_from_the_start(
    qtbot: QtBot, page: ReplayPage, entry: Entry, record: SessionRecord, audio: Path
) -> None:
    page.open(entry, record, audio.open("rb"))
    qtbot.waitUntil(lambda: position_s(page) > 5)
    assert "From 0:" in page.display.why.text
    for _ in range(3):
        QTest.keyClick(page.controls.seek_bar.slider, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: page.display.why.text.startswith("The music has come to its end."), timeout=10_000)
    assert page.controls.seek_bar.text == "2:00 of 2:00"
    assert page.controls.play_button.text() == "Play"
    QTest.mouseClick(page.controls.play_button, LEFT)
    qtbot.waitUntil(lambda: 0 < position_s(page) < 60)
    qtbot.waitUntil(lambda: page.controls.play_button.text() == "Pause")


def test_what_was_left_is_not_kept_in_memory(
    qtbot: QtBot, page: ReplayPage, entry: Entry, record: SessionRecord, audio: Path
) -> None:
    page.open(entry, record, audio.open("rb"))
    qtbot.waitUntil(lambda: position_s(page) > 1)
    player = weakref.ref(page.player)
    page.leave()
    qtbot.waitUntil(lambda: not page.fading)
    qtbot.waitUntil(lambda: gc.collect() >= 0 and player() is None)


def test_no_more_is_read_than_will_soon_be_heard(
    qtbot: QtBot, page: ReplayPage, services: Services, entry: Entry, record: SessionRecord, audio: Path
) -> None:
    services.sound.speed = 1.0
    page.open(entry, record, audio.open("rb"))
    qtbot.waitUntil(lambda: position_s(page) > 0.2)
    qtbot.wait(300)
    player = page.player
    assert player is not None
    assert AHEAD_S - 1 <= player.given_s - player.position_s <= AHEAD_S + BLOCK_S


def test_pause_rests_and_space_goes_on(
    qtbot: QtBot, page: ReplayPage, entry: Entry, record: SessionRecord, audio: Path
) -> None:
    page.open(entry, record, audio.open("rb"))
    qtbot.waitUntil(lambda: position_s(page) > 2)
    QTest.mouseClick(page.controls.play_button, LEFT)
    assert page.controls.play_button.text() == "Play"
    qtbot.wait(150)
    rests_at = position_s(page)
    qtbot.wait(100)
    assert position_s(page) == rests_at
    page.display.picture.setFocus()
    QTest.keyClick(page.display.picture, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: position_s(page) > rests_at + 1)


def test_seeking_by_key_and_mouse_plays_the_music_of_that_moment(
    qtbot: QtBot, page: ReplayPage, services: Services, entry: Entry, record: SessionRecord, audio: Path
) -> None:
    services.sound.speed = 1.0
    page.open(entry, record, audio.open("rb"))
    qtbot.waitUntil(lambda: position_s(page) > 0.2)
    slider, player = page.controls.seek_bar.slider, page.player
    assert player is not None
    QTest.keyClick(slider, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: 30 <= position_s(page) < 33)
    QTest.mouseClick(slider, LEFT, pos=QPoint(slider.width() * 3 // 4, slider.height() // 2))
    qtbot.waitUntil(lambda: 89 <= position_s(page) < 93)
    qtbot.waitUntil(lambda: player.given_s > 95)
    peaks = player.envelope(91.0, 95.0, 4)
    assert peaks == pytest.approx(np.linspace(92, 95, 4) / SECONDS * 0.5, abs=0.002)
    qtbot.waitUntil(lambda: "From 1:30" in page.display.why.text)


def test_what_was_felt_and_noted_is_shown(page: ReplayPage, entry: Entry, record: SessionRecord, audio: Path) -> None:
    page.open(entry, record, audio.open("rb"))
    assert page.display.felt.text() == f"Before you felt {entry.start_word}, afterwards calm."
    assert page.display.note.text() == "Rain outside."
    page.open(entry.changed(note="", after=None), record, audio.open("rb"))
    assert page.display.felt.text() == f"Before you felt {entry.start_word}."
    assert page.display.note.text() == ""


def test_a_damaged_file_is_told_and_closed(qtbot: QtBot, page: ReplayPage, entry: Entry, record: SessionRecord) -> None:
    music = BytesIO(b"no music")
    page.open(entry, record, music)
    qtbot.waitUntil(page.display.problem.isVisible)
    assert "cannot be read" in page.display.problem.text
    assert not page.controls.play_button.isEnabled()
    assert page.controls.back_button.isEnabled()
    assert music.closed


def test_a_file_that_breaks_off_plays_as_far_as_it_goes(
    qtbot: QtBot, page: ReplayPage, entry: Entry, record: SessionRecord, audio: Path, tmp_path: Path
) -> None:
    short = tmp_path / "short.flac"
    whole = audio.read_bytes()
    short.write_bytes(whole[: len(whole) // 2])
    page.open(entry, record, short.open("rb"))
    qtbot.waitUntil(
        lambda: page.display.problem.isVisible() or page.display.why.text.startswith("The music has come to its end."),
        timeout=10_000,
    )
    QTest.keyClick(page, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not page.fading)


@pytest.mark.parametrize("way", ["escape", "button", "hidden"])
def test_leaving_closes_everything(
    qtbot: QtBot, page: ReplayPage, entry: Entry, record: SessionRecord, audio: Path, way: str
) -> None:
    page.open(entry, record, audio.open("rb"))
    qtbot.waitUntil(lambda: position_s(page) > 1)
    player = page.player
    assert player is not None
    told: list[bool] = []
    page.closed.connect(lambda: told.append(True))
    if way == "escape":
        QTest.keyClick(page.controls.play_button, Qt.Key.Key_Escape)
    elif way == "button":
        QTest.mouseClick(page.controls.back_button, LEFT)
    else:
        page.hide()
    assert told == ([] if way == "hidden" else [True])
    qtbot.waitUntil(lambda: not page.fading, timeout=1000)
    assert player.state == "stopped"
    assert not [thread for thread in threading.enumerate() if thread.name in ("feeding sound", "silent output")]


def test_the_next_one_may_be_opened_while_one_plays(
    qtbot: QtBot, page: ReplayPage, entry: Entry, record: SessionRecord, audio: Path
) -> None:
    page.open(entry, record, audio.open("rb"))
    qtbot.waitUntil(lambda: position_s(page) > 10)
    first = page.player
    page.open(entry.changed(title="Another one"), record, audio.open("rb"))
    qtbot.waitUntil(lambda: page.player not in (None, first))
    assert position_s(page) < 10


@pytest.mark.parametrize("text_size", [100, 175])
def test_its_controls_are_in_sight_at_every_text_size(
    qtbot: QtBot, page: ReplayPage, entry: Entry, record: SessionRecord, audio: Path, text_size: int
) -> None:
    page.open(entry, record, audio.open("rb"))
    appearance().apply("light", text_size)
    qtbot.wait(50)
    window = page.window()
    assert window.size().toTuple() == (960, 680)
    for control in (page.controls.play_button, page.controls.seek_bar.slider, page.controls.back_button):
        assert window.rect().contains(control.mapTo(window, control.rect().bottomRight()))
        assert control.accessibleName() or control.property("text")


def test_the_volume_is_the_preferences_own_and_follows_them(
    qtbot: QtBot, page: ReplayPage, services: Services, entry: Entry, record: SessionRecord, audio: Path
) -> None:
    services.preferences.change(volume=0.6, volume_limit=0.5)
    page.open(entry, record, audio.open("rb"))
    qtbot.waitUntil(lambda: position_s(page) > 1)
    player = page.player
    assert player is not None
    assert player.volume == 0.25
    QTest.keyClick(page.controls.volume.slider, Qt.Key.Key_Home)
    assert player.volume == 0.0
