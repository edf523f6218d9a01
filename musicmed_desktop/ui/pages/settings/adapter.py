"""An adapter for the model, and how much of it is used."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from musicmed_desktop.engines import check_adapter
from musicmed_desktop.engines.models.store import Installed
from musicmed_desktop.ui.kit import Column, SideBySide, button, tell
from musicmed_desktop.ui.pages.settings.fields import Choice, Field
from musicmed_desktop.ui.pages.settings.folder_dialog import ask_folder
from musicmed_desktop.ui.pages.settings.folders import list_folders
from musicmed_desktop.ui.pages.settings.strength import Strength
from musicmed_desktop.ui.services import Services

NONE = "None"
_HELP = "An adapter was trained to give a model another style."


class AdapterSettings(Column):
    """Those that are installed, and one from any other folder. The strength is shown while there is one."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._preferences, self._tasks = services.preferences, services.tasks
        self._installed: Sequence[Path] = ()
        self.adapter = Choice()
        self.other = button("Choose a folder…", self._ask, name="Choose a folder with an adapter")
        self.strength = Strength()
        across = SideBySide(400, (self.adapter, 1), (self.other, 0))
        self.add(Field("&Adapter", self.adapter, _HELP, across), self.strength)
        self.follow()
        self.adapter.activated.connect(lambda: self._preferences.change(adapter=self.adapter.currentData()))
        self.strength.slider.valueChanged.connect(self._strengthen)
        self._preferences.changed.connect(self.follow)

    def show_installed(self, installed: Sequence[Installed]) -> None:
        """Offer the adapters among what is on this computer."""
        self._installed = [each.folder for each in installed if each.kind == "adapter"]
        self.follow()

    def follow(self) -> None:
        """Show the settings as they are now."""
        settings = self._preferences.settings
        list_folders(self.adapter, NONE, self._installed, settings.adapter)
        self.strength.setVisible(settings.adapter is not None)
        self.strength.show_strength(settings.strength_of(settings.adapter))

    def _strengthen(self, percent: int) -> None:
        settings = self._preferences.settings
        if settings.adapter:
            self._preferences.take(settings.with_strength(settings.adapter, percent / 100))

    def _ask(self) -> None:
        chosen = self._preferences.settings.adapter
        ask_folder(self, "The folder of an adapter", chosen.parent if chosen else Path.home(), self._try)

    def _try(self, folder: Path) -> None:
        def take(_: None) -> None:
            self._preferences.change(adapter=folder)

        self._tasks.run(lambda: check_adapter(folder), take, lambda error: tell(self, error))
