"""The application: puts the parts together, runs them, and takes them apart in order."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from musicmed_desktop import __version__
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Library
from musicmed_desktop.library.keys import LockedError
from musicmed_desktop.paths import data_folder, is_portable, resource, settings_file
from musicmed_desktop.ui.crash_hook import report_crashes
from musicmed_desktop.ui.half_done import offer_half_done
from musicmed_desktop.ui.kit import tell
from musicmed_desktop.ui.makers import LazyMakers, choice_in
from musicmed_desktop.ui.options import Options
from musicmed_desktop.ui.preferences import Preferences
from musicmed_desktop.ui.resuming import Resuming
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import SessionController
from musicmed_desktop.ui.single_instance import SingleInstance
from musicmed_desktop.ui.sound import DeviceSound, SilentSound
from musicmed_desktop.ui.tasks import Tasks
from musicmed_desktop.ui.theme import appearance
from musicmed_desktop.ui.transfers import Transfers
from musicmed_desktop.ui.unlocking import ask_to_unlock
from musicmed_desktop.ui.warming import warm_up
from musicmed_desktop.ui.window import Window

_WARM_MS = 300  # after the window is shown, so that it is painted first
_SWITCH_S = 0.0005  # Python's turns: the window answers while music is being composed


def run(options: Options) -> int:
    """Show the window until it is closed; returns the exit code."""
    application = make_application()
    preferences = Preferences(settings_file())
    appearance().apply(preferences.settings.theme, preferences.settings.text_size)
    trouble: UserError | None = None
    chosen = options.library or preferences.settings.library_folder or data_folder()
    for folder in dict.fromkeys((chosen, data_folder())):  # the second one where the first cannot be used
        with closing(SingleInstance(folder)) as instance:
            if not instance.first:
                return 0 if instance.call_first(options.file) else 1
            try:
                library = unless_locked(folder)
            except UserError as error:
                trouble = trouble or error
                continue
            with closing(Start(options, preferences, instance, trouble)) as start:
                start.begin(folder, library)
                return application.exec()
    assert trouble is not None
    return _refuse(application, trouble)


def unless_locked(folder: Path) -> Library | None:
    """The library in `folder`; None where it asks for a passphrase. Raises UserError where it cannot be used."""
    try:
        return Library(folder)
    except LockedError:
        return None


class Start:
    """The window of this run, at once or as soon as the library is unlocked."""

    def __init__(
        self, options: Options, preferences: Preferences, instance: SingleInstance, trouble: UserError | None
    ) -> None:
        self._options, self._preferences, self._instance, self._trouble = options, preferences, instance, trouble
        self._files = [] if options.file is None else [options.file]  # for the window, when there is one
        self._leaving = ExitStack()

    def begin(self, folder: Path, library: Library | None) -> None:
        """None: the library in `folder` is locked."""
        if library is not None:
            self._show(library)
            return
        tasks = self._leaving.enter_context(closing(Tasks()))
        asking = ask_to_unlock(folder, tasks, self._show)
        asking.rejected.connect(QApplication.quit)
        self._instance.asked_to_show.connect(asking.come_forward)
        self._instance.asked_to_open.connect(self._files.append)

    def close(self) -> None:
        """End every thread in order."""
        self._leaving.close()

    def _show(self, library: Library) -> None:
        window, _ = self._leaving.enter_context(opened(self._options, self._preferences, library))
        if self._trouble is not None:
            tell(window, self._trouble)
        self._instance.asked_to_show.connect(window.come_forward)
        self._instance.asked_to_open.connect(lambda path: window.open_files([path]))
        if self._files:
            window.open_files(self._files)


def _refuse(application: QApplication, error: UserError) -> int:
    """Say why there can be no window."""
    box = tell(None, error)
    box.finished.connect(lambda _: application.exit(1))
    return application.exec()


def make_application() -> QApplication:
    """The QApplication of this process, dressed."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    if getattr(sys, "frozen", False):
        _forget_own_plugins()
    if is_portable():  # Qt's file dialog remembers folders; Windows and macOS have no other place for that
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(data_folder()))
    application.setApplicationName("musicmed-desktop")
    application.setApplicationDisplayName("MusicMed")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("musicmed-desktop")
    application.setWindowIcon(QIcon(str(resource("icons/musicmed.svg"))))
    application.setStyle("Fusion")
    sys.setswitchinterval(_SWITCH_S)
    return application


def _forget_own_plugins() -> None:
    """A bundle tells Qt by these where its plugins are. Qt has read that now, and a program that is started from here,
    such as the one that shows a folder, has a Qt of its own."""
    for name in ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH"):
        os.environ.pop(name, None)


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
    Resuming(window, services, controller).look()
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
