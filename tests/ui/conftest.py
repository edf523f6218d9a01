"""A window's parts with real threads, a silent clock and an engine that plays tones."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from weakref import ref

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before the first QApplication; a real one may be asked for

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QThread
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from musicmed_desktop.engines.base import Cancelled, Engine
from musicmed_desktop.library import Library
from musicmed_desktop.recognition import Recognizer
from musicmed_desktop.ui.preferences import Preferences
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import SessionController
from musicmed_desktop.ui.sound import SilentSound
from musicmed_desktop.ui.tasks import Tasks
from musicmed_desktop.ui.theme import appearance
from musicmed_desktop.ui.transfers import Transfers
from musicmed_desktop.ui.window import Window
from tests.fakes.engines import ToneEngine, ToneRecognizer


class ToneMakers:
    """Makers of tones; `played` may be replaced before a session begins."""

    def __init__(self) -> None:
        self.played: Engine = ToneEngine()
        self.heard: Recognizer = ToneRecognizer()

    def prepare(self) -> Future[str]:
        opened: Future[str] = Future()
        opened.set_result(self.played.about)
        return opened

    def engine(self, cancelled: Cancelled) -> AbstractContextManager[Engine]:  # noqa: ARG002
        return nullcontext(self.played)

    def recognizer(self) -> Recognizer:
        return self.heard


@pytest.fixture
def transfers(qtbot: QtBot) -> Iterator[Transfers]:
    made = Transfers()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def look(qtbot: QtBot) -> None:
    """Every test begins in the light theme at the usual size, and without what the one before has closed."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    appearance().apply("light", 100)


@pytest.fixture(autouse=True)
def no_thread_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails where a QThread outlives its test, and says which."""
    started: list[ref[QThread]] = []  # a test may ask whether one is gone
    start = QThread.start

    def noted(thread: QThread, *arguments: QThread.Priority) -> None:
        started.append(ref(thread))
        start(thread, *arguments)

    monkeypatch.setattr(QThread, "start", noted)
    yield
    there = [thread for known in started if (thread := known()) is not None]
    running = [thread.objectName() or repr(thread) for thread in there if _runs(thread)]
    assert not running, f"threads that still run: {running}"


@pytest.fixture(autouse=True)
def nothing_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails on a warning or an error in the log that the test did not clear."""
    yield
    loud = [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.WARNING]
    assert not loud


@pytest.fixture
def services(tmp_path: Path, qtbot: QtBot) -> Iterator[Services]:
    tasks, transfers = Tasks(), Transfers()
    yield Services(
        preferences=Preferences(tmp_path / "settings.json"),
        library=Library(tmp_path / "library"),
        tasks=tasks,
        sound=SilentSound(speed=60.0),
        makers=ToneMakers(),
        transfers=transfers,
    )
    transfers.close()
    tasks.close()


@pytest.fixture
def controller(services: Services) -> Iterator[SessionController]:
    controller = SessionController(services)
    yield controller
    controller.shut_down()


@pytest.fixture
def main_window(qtbot: QtBot) -> QMainWindow:
    """For a page that needs an active window around it."""
    made = QMainWindow()
    qtbot.addWidget(made)
    made.resize(960, 680)
    return made


@pytest.fixture
def window(qtbot: QtBot, services: Services, controller: SessionController) -> Iterator[Window]:
    """The whole window, of somebody who has read the introduction."""
    services.preferences.change(first_run_done="1", minutes=2.0)
    window = Window(services, controller)
    qtbot.addWidget(window)
    window.show()
    yield window
    controller.shut_down()


def _runs(thread: QThread) -> bool:
    try:
        return thread.isRunning()
    except RuntimeError:  # deleted by Qt, which it may only be when it has ended
        return False
