"""Which model MusicGen plays."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from musicmed_desktop.engines import check_model
from musicmed_desktop.engines.musicgen.installed import installed_models
from musicmed_desktop.paths import models_folder
from musicmed_desktop.ui.kit import Column, SideBySide, button, tell
from musicmed_desktop.ui.pages.settings.fields import Choice, Field
from musicmed_desktop.ui.pages.settings.folder_dialog import ask_folder
from musicmed_desktop.ui.services import Services

FIRST, NONE = "The first that is installed: {}", "None is installed"
_HELP = "The models in the folder {}, or one in another folder."


class ModelSettings(Column):
    """Those that are installed, and one from any other folder."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._preferences, self._tasks = services.preferences, services.tasks
        self._installed: tuple[Path, ...] = ()
        self.model = Choice()
        self.other = button("Choose a folder…", self._ask, name="Choose a folder with a music model")
        across = SideBySide(400, (self.model, 1), (self.other, 0))
        self.add(Field("Music &model", self.model, _HELP.format(models_folder()), across))
        self.follow()
        self.model.activated.connect(lambda: self._preferences.change(model=self.model.currentData()))
        self._preferences.changed.connect(self.follow)

    def look(self) -> None:
        """Look for models in the background."""
        self._tasks.run(lambda: installed_models(models_folder()), self._found)

    def follow(self) -> None:
        """Show the settings as they are now."""
        chosen = self._preferences.settings.model
        listed = [*self._installed] if chosen is None or chosen in self._installed else [*self._installed, chosen]
        self.model.clear()
        self.model.addItem(FIRST.format(self._installed[0].name) if self._installed else NONE, None)
        for number, folder in enumerate(listed, start=1):
            self.model.addItem(folder.name, str(folder))
            self.model.setItemData(number, str(folder), Qt.ItemDataRole.ToolTipRole)
        self.model.setCurrentIndex(0 if chosen is None else self.model.findData(str(chosen)))

    def _found(self, installed: tuple[Path, ...]) -> None:
        self._installed = installed
        self.follow()

    def _ask(self) -> None:
        chosen = self._preferences.settings.model
        ask_folder(self, "The folder of a music model", chosen.parent if chosen else Path.home(), self._try)

    def _try(self, folder: Path) -> None:
        def take(_: None) -> None:
            self._preferences.change(model=folder)

        self._tasks.run(lambda: check_model(folder), take, lambda error: tell(self, error))
