"""An adapter for the model, and how much of it is used."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QLabel, QLineEdit

from musicmed_desktop.engines import check_adapter
from musicmed_desktop.ui.kit import Column, Flow, Row, button, tell
from musicmed_desktop.ui.pages.settings.fields import Field, Steps, help_of
from musicmed_desktop.ui.pages.settings.folder_dialog import ask_folder
from musicmed_desktop.ui.services import Services

_NONE = "None"
_HELP = "An adapter was trained to give a model another style."
_STEP = 5  # percent


class AdapterSettings(Column):
    """Its strength is shown while there is one."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._preferences, self._tasks = services.preferences, services.tasks
        self.adapter = QLineEdit()
        self.adapter.setReadOnly(True)
        self.choose = button("Choose an adapter…", self._ask)
        self.forget = button("Use no adapter", lambda: self._preferences.change(adapter=None))
        self.strength, self._percent = Steps(0, 100, _STEP), QLabel()
        along = Row(self.strength, self._percent)
        along.setStretch(0, 1)
        self._strength = Field("Adapter &strength", self.strength, help_of("adapter_strength"), along)
        field = Field("&Adapter", self.adapter, _HELP)
        self.add(field, Flow(self.choose, self.forget), self._strength)
        self.follow()
        self.strength.valueChanged.connect(lambda percent: self._preferences.change(adapter_strength=percent / 100))
        self._preferences.changed.connect(self.follow)

    def follow(self) -> None:
        """Show the settings as they are now."""
        settings = self._preferences.settings
        self.adapter.setText(settings.adapter.name if settings.adapter else _NONE)
        self.adapter.setToolTip(str(settings.adapter or ""))
        for part in (self.forget, self._strength):
            part.setVisible(settings.adapter is not None)
        percent = round(settings.adapter_strength * 100)
        with QSignalBlocker(self.strength):
            self.strength.setValue(percent)
        self._percent.setText(f"{percent} %")

    def _ask(self) -> None:
        chosen = self._preferences.settings.adapter
        ask_folder(self, "The folder of an adapter", chosen.parent if chosen else Path.home(), self._try)

    def _try(self, folder: Path) -> None:
        def take(_: None) -> None:
            self._preferences.change(adapter=folder)

        self._tasks.run(lambda: check_adapter(folder), take, lambda error: tell(self, error))
