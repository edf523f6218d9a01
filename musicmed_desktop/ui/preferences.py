"""The settings in use: whoever shows them hears of a change, and each change is saved."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from musicmed_desktop.errors import UserError
from musicmed_desktop.settings import Settings, load_settings, save_settings

_REST_MS = 400  # a slider that is being dragged is saved when it rests


class Preferences(QObject):
    """`problem` says what was wrong with the file at the start; `unsaved` is emitted when the disk refuses a change."""

    changed = Signal()
    unsaved = Signal(object)  # UserError

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self.settings, self.problem = load_settings(file)
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(_REST_MS)
        self._resting.timeout.connect(self.save)

    def change(self, **values: object) -> None:
        """Set the named settings; their types are Settings' own."""
        self.take(self.settings.changed(**values))

    def take(self, settings: Settings) -> None:
        """Use other settings from now on."""
        if settings != self.settings:
            self.settings = settings
            self._resting.start()
            self.changed.emit()

    def save(self) -> None:
        """Save now what has not been saved yet."""
        self._resting.stop()
        try:
            save_settings(self.settings, self._file)
        except UserError as error:
            self.unsaved.emit(error)
