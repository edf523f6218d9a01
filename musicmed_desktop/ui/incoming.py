"""Files that come to the window: dropped on it, or opened with it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDropEvent, QFileOpenEvent
from PySide6.QtWidgets import QApplication, QWidget

_DROPS = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


class Incoming(QObject):
    """`came` carries a list of Path. On macOS the system hands over what it shall open in events of its own."""

    came = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        if sys.platform == "darwin":  # elsewhere they come on the command line
            QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            self.came.emit([Path(event.file())])
            return True
        if watched is self.parent() and event.type() in _DROPS and isinstance(event, QDropEvent):
            return self._dropped(event)
        return False

    def _dropped(self, event: QDropEvent) -> bool:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
        if paths and event.type() == QEvent.Type.Drop:
            self.came.emit(paths)
        return bool(paths)


def with_inside(paths: Sequence[Path]) -> list[Path]:
    """The files, and in place of each folder the files in it."""
    return [file for path in paths for file in (sorted(path.glob("*")) if path.is_dir() else [path])]


def with_suffix(paths: Sequence[Path], suffix: str) -> list[Path]:
    return [path for path in paths if path.name.casefold().endswith(suffix)]
