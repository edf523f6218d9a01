"""The play and stop keys of keyboards and headsets."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from musicmed_desktop.ui.mpris import Mpris, Status

_PLAY_PAUSE = (Qt.Key.Key_MediaTogglePlayPause, Qt.Key.Key_MediaPlay, Qt.Key.Key_MediaPause)


class MediaKeys(QObject):
    """Hears the keys in every part of `window`, and on Linux also where the desktop keeps them for itself (MPRIS)."""

    play_pause = Signal()
    play = Signal()
    pause = Signal()
    stop = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        for key in _PLAY_PAUSE:
            _shortcut(window, key).activated.connect(self.play_pause)
        _shortcut(window, Qt.Key.Key_MediaStop).activated.connect(self.stop)
        self._desktop = self._join_desktop() if sys.platform == "linux" else None

    def set_status(self, status: Status) -> None:
        """Tell the desktop whether it shall hand over its keys; at first, and when "Stopped", it does not."""
        if self._desktop is not None:
            self._desktop.set_status(status)

    def _join_desktop(self) -> Mpris | None:
        from musicmed_desktop.ui.mpris import Mpris, session_bus

        bus = session_bus()
        if bus is None:
            return None
        desktop = Mpris(bus, self)
        desktop.play_pause.connect(self.play_pause)
        desktop.play.connect(self.play)
        desktop.pause.connect(self.pause)
        desktop.stop.connect(self.stop)
        return desktop


def _shortcut(window: QWidget, key: Qt.Key) -> QShortcut:
    shortcut = QShortcut(QKeySequence(key), window)
    shortcut.setAutoRepeat(False)
    return shortcut
