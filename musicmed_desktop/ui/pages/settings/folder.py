"""Where the sessions are kept, and whether they are locked."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLineEdit

from musicmed_desktop.disk import unwritable
from musicmed_desktop.paths import PORTABLE_FOLDER, data_folder, is_portable
from musicmed_desktop.ui.kit import Flow, button, muted, show_text, tell
from musicmed_desktop.ui.pages.settings.fields import Field, Section
from musicmed_desktop.ui.pages.settings.folder_dialog import ask_folder
from musicmed_desktop.ui.pages.settings.lock import LockSettings
from musicmed_desktop.ui.services import Services

_HERE = "Your sessions and what you wrote about them stay on this computer, in this folder."
_PORTABLE = (
    f"MusicMed is portable here: your sessions, your settings and what you wrote go with the program, in the folder "
    f"“{PORTABLE_FOLDER}” beside it."
)
_LATER = "From the next start on, sessions are kept in {}. Those you have stay where they are, in {}."


class FolderSettings(Section):
    """Another folder is used from the next start on: the library of this one stays open until then."""

    notice = Signal(str, object)

    def __init__(self, services: Services) -> None:
        super().__init__("Your sessions")
        self._preferences, self._tasks = services.preferences, services.tasks
        self._used = services.library.folder
        self.place = QLineEdit(str(self._used))
        self.place.setReadOnly(True)
        self.change = button("Choose another folder…", self._ask)
        self.usual = button("Use the usual folder", lambda: self._preferences.change(library_folder=None))
        self.open = button("Open the folder", self._open)
        self.later = muted()
        where = Field("&Folder", self.place, _PORTABLE if is_portable() and self._used == data_folder() else _HERE)
        self.lock = LockSettings(services)
        self.add(where, self.later, Flow(self.open, self.change, self.usual), self.lock)
        self.lock.notice.connect(self.notice)
        self.follow()
        self._preferences.changed.connect(self.follow)

    def follow(self) -> None:
        """Show the settings as they are now."""
        chosen = self._preferences.settings.library_folder
        coming = chosen or data_folder()
        show_text(self.later, _LATER.format(coming, self._used) if coming != self._used else "")
        self.usual.setVisible(chosen is not None)

    def _ask(self) -> None:
        ask_folder(self, "Where to keep the sessions", self._used, self._try)

    def _try(self, folder: Path) -> None:
        def take(_: None) -> None:
            self._preferences.change(library_folder=folder)

        self._tasks.run(lambda: refuse_unwritable(folder), take, lambda error: tell(self, error))

    def _open(self) -> None:
        if not self._used.is_dir():
            self.notice.emit("The folder will be there after your first session.", None)
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._used))):
            self.notice.emit("The folder could not be opened. You find it by its name above.", None)


def refuse_unwritable(folder: Path) -> None:
    """Raises UserError where no file can be made in the folder."""
    try:
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise unwritable(folder, error) from error
