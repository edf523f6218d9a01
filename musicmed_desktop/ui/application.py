"""The application: puts the parts together, runs them, and takes them apart in order."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from musicmed_desktop import __version__, crash
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Library
from musicmed_desktop.paths import data_folder, log_folder, resource, settings_file
from musicmed_desktop.ui.crash_notice import CrashNotice
from musicmed_desktop.ui.half_done import offer_half_done
from musicmed_desktop.ui.kit import tell
from musicmed_desktop.ui.makers import LazyMakers, choice_in
from musicmed_desktop.ui.options import Options
from musicmed_desktop.ui.preferences import Preferences
from musicmed_desktop.ui.resuming import offer_interrupted
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import SessionController
from musicmed_desktop.ui.single_instance import SingleInstance
from musicmed_desktop.ui.sound import DeviceSound, SilentSound
from musicmed_desktop.ui.tasks import Tasks
from musicmed_desktop.ui.theme import appearance
from musicmed_desktop.ui.transfers import Transfers
from musicmed_desktop.ui.warming import warm_up
from musicmed_desktop.ui.window import Window

_WARM_MS = 300  # after the window is shown, so that it is painted first
_QUEUED = Qt.ConnectionType.QueuedConnection
_SWITCH_S = 0.0005  # Python's turns: the window answers while music is being composed


def run(options: Options) -> int:
    """Show the window until it is closed; returns the exit code."""
    application = make_application()
    preferences = Preferences(settings_file())
    appearance().apply(preferences.settings.theme, preferences.settings.text_size)
    folder = options.library or preferences.settings.library_folder or data_folder()
    try:
        library, trouble = open_library(folder)
    except UserError as error:
        return _refuse(application, error)
    instance = SingleInstance(library.folder)
    if not instance.first:
        return 0 if instance.call_first() else 1
    try:
        with opened(options, preferences, library) as (window, _):
            if trouble is not None:
                tell(window, trouble)
            instance.asked_to_show.connect(window.come_forward)
            return application.exec()
    finally:
        instance.close()


def _refuse(application: QApplication, error: UserError) -> int:
    """Say why there can be no window."""
    box = tell(None, error)
    box.finished.connect(lambda _: application.exit(1))
    return application.exec()


def make_application() -> QApplication:
    """The QApplication of this process, dressed."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("musicmed-desktop")
    application.setApplicationDisplayName("MusicMed")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("musicmed-desktop")
    application.setWindowIcon(QIcon(str(resource("icons/musicmed.svg"))))
    application.setStyle("Fusion")
    sys.setswitchinterval(_SWITCH_S)
    return application


@contextmanager
def opened(options: Options, preferences: Preferences, library: Library) -> Iterator[tuple[Window, SessionController]]:
    """The shown window and all behind it; when it is left, every thread ends in order."""
    tasks, makers = Tasks(), LazyMakers(lambda: choice_in(preferences.settings))
    services = Services(
        preferences=preferences,
        library=library,
        tasks=tasks,
        sound=SilentSound(options.speed) if options.audio == "silent" else DeviceSound(preferences),
        makers=makers,
        transfers=Transfers(),
        offline=options.offline,
    )
    controller = SessionController(services)
    controller.ended.connect(lambda: tasks.follow(makers.prepare()))  # the settings may ask for another engine now
    window = Window(services, controller)
    window.show()
    report_crashes(window)
    if preferences.problem is not None:
        tell(window, preferences.problem)
    tasks.run(library.settle)
    tasks.run(library.purge)
    offer_interrupted(window, services, controller)
    offer_half_done(window, services)
    QTimer.singleShot(_WARM_MS, window, lambda: warm_up(makers, tasks))
    try:
        yield window, controller
    finally:
        services.transfers.close()
        controller.shut_down()
        makers.close()
        tasks.close()
        preferences.save()


def open_library(folder: Path) -> tuple[Library, UserError | None]:
    """The library in `folder`; where that cannot be used, the one in the usual place, and why."""
    try:
        return Library(folder), None
    except UserError as error:
        if folder == data_folder():
            raise
        return Library(data_folder()), error


def report_crashes(window: Window) -> None:
    """From now on bugs are written down and shown; one that ended the last run is shown now."""
    crash.install(log_folder(), _CrashHook(window).came.emit)
    report = crash.previous_crash(log_folder())
    if report is not None:
        crash.mark_shown(log_folder())
        CrashNotice(window, report, earlier=True).open()


class _CrashHook(QObject):
    """Brings a report from any thread to the window's."""

    came = Signal(str)

    def __init__(self, window: Window) -> None:
        super().__init__(window)  # which keeps it alive: the hooks know only its signal
        self._window = window
        self.came.connect(self._show, _QUEUED)

    def _show(self, report: str) -> None:
        crash.mark_shown(log_folder())
        CrashNotice(self._window, report, earlier=False).open()
