"""Bugs are written down and shown, whatever thread they happen on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from musicmed_desktop import crash
from musicmed_desktop.paths import log_folder
from musicmed_desktop.ui.crash_notice import CrashNotice

_QUEUED = Qt.ConnectionType.QueuedConnection


def report_crashes(window: QWidget) -> None:
    """From now on bugs are written down and shown; one that ended the last run is shown now."""
    crash.install(log_folder(), _CrashHook(window).came.emit)
    report = crash.previous_crash(log_folder())
    if report is not None:
        crash.mark_shown(log_folder())
        CrashNotice(window, report, earlier=True).open()


class _CrashHook(QObject):
    """Brings a report from any thread to the window's."""

    came = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)  # which keeps it alive: the hooks know only its signal
        self._window = window
        self.came.connect(self._show, _QUEUED)

    def _show(self, report: str) -> None:
        crash.mark_shown(log_folder())
        CrashNotice(self._window, report, earlier=False).open()
