"""The play and stop keys of keyboards and headsets."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

_PLAY_PAUSE = (Qt.Key.Key_MediaTogglePlayPause, Qt.Key.Key_MediaPlay, Qt.Key.Key_MediaPause)


class MediaKeys(QObject):
    """Hears the keys in every part of `window`.

    Desktops that hand them out over D-Bus alone (MPRIS) are not asked: Qt's own D-Bus thread takes apart what
    Python holds, which has ended the process (PySide6 6.11).
    """

    play_pause = Signal()
    stop = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        for key in _PLAY_PAUSE:
            _shortcut(window, key).activated.connect(self.play_pause)
        _shortcut(window, Qt.Key.Key_MediaStop).activated.connect(self.stop)


def _shortcut(window: QWidget, key: Qt.Key) -> QShortcut:
    shortcut = QShortcut(QKeySequence(key), window)
    shortcut.setAutoRepeat(False)
    return shortcut
