"""Which model MusicGen plays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from musicmed_desktop.engines import check_model
from musicmed_desktop.engines.models.store import Installed
from musicmed_desktop.ui.kit import Column, SideBySide, button, tell
from musicmed_desktop.ui.pages.settings.fields import Choice, Field
from musicmed_desktop.ui.pages.settings.folder_dialog import ask_folder
from musicmed_desktop.ui.pages.settings.folders import list_folders
from musicmed_desktop.ui.services import Services

ANY, NONE = "As the app chooses", "None is installed"
_HELP = "Those that are on this computer, or one in another folder."


class ModelSettings(Column):
    """Those that are installed, and one from any other folder."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._preferences, self._tasks = services.preferences, services.tasks
        self._installed: Sequence[Path] = ()
        self.model = Choice()
        self.other = button("Choose a folder…", self._ask, name="Choose a folder with a music model")
        across = SideBySide(400, (self.model, 1), (self.other, 0))
        self.add(Field("Music &model", self.model, _HELP, across))
        self.follow()
        self.model.activated.connect(lambda: self._preferences.change(model=self.model.currentData()))
        self._preferences.changed.connect(self.follow)

    def show_installed(self, installed: Sequence[Installed]) -> None:
        """Offer the models among what is on this computer."""
        self._installed = [each.folder for each in installed if each.kind == "model"]
        self.follow()

    def follow(self) -> None:
        """Show the settings as they are now."""
        list_folders(self.model, ANY if self._installed else NONE, self._installed, self._preferences.settings.model)

    def _ask(self) -> None:
        chosen = self._preferences.settings.model
        ask_folder(self, "The folder of a music model", chosen.parent if chosen else Path.home(), self._try)

    def _try(self, folder: Path) -> None:
        def take(_: None) -> None:
            self._preferences.change(model=folder)

        self._tasks.run(lambda: check_model(folder), take, lambda error: tell(self, error))
