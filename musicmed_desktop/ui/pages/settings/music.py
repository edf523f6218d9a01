"""What makes the music, and why it is that."""

from __future__ import annotations

from importlib.util import find_spec

from PySide6.QtCore import QTimer, Signal

from musicmed_desktop.engines import ENGINES, musicgen_lacks
from musicmed_desktop.engines.models.store import Installed, Store
from musicmed_desktop.paths import models_folder
from musicmed_desktop.ui.engine_words import can_be_chosen, offer_words
from musicmed_desktop.ui.kit import Flow, body, button, muted, show_text
from musicmed_desktop.ui.makers import choice_in
from musicmed_desktop.ui.pages.settings.adapter import AdapterSettings
from musicmed_desktop.ui.pages.settings.fields import Choice, Field, Section
from musicmed_desktop.ui.pages.settings.model import ModelSettings
from musicmed_desktop.ui.services import Services

LOOKING = "Looking at what this computer can play…"
_HELP = (
    "Automatic plays a music model where one is installed and this computer can keep up, and else the built-in "
    "composer. A change holds from your next session on."
)
_REST_MS = 600  # a slider that is being dragged loads a model when it rests


class MusicSettings(Section):
    """A change holds from the next session on; what was chosen is opened at once, unless music plays."""

    models_requested = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__("What makes the music")
        self._preferences, self._tasks, self._makers = services.preferences, services.tasks, services.makers
        self.makes = body(LOOKING)
        self.engine = Choice()
        self.model, self.adapter = ModelSettings(services), AdapterSettings(services)
        self.models = button("Music models…", self.models_requested.emit)
        engine = Field("&Engine", self.engine, _HELP)
        self.lacks = muted()
        self.add(self.makes, engine, self.lacks, self.model, self.adapter, Flow(self.models))
        show_text(self.lacks, musicgen_lacks())
        self._choice = choice_in(self._preferences.settings)
        # AudioCraft is for those who have installed it; nobody else is asked about it.
        self._offered = [name for name in ENGINES if name != "audiocraft" or find_spec("audiocraft")]
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(_REST_MS)
        self._resting.timeout.connect(self._ask)
        self.follow()
        self.engine.activated.connect(lambda: self._preferences.change(engine=self.engine.currentData()))
        self._preferences.changed.connect(self.follow)

    def look(self) -> None:
        """Look in the background for models and adapters, and for what makes the music now."""
        self._tasks.run(Store(models_folder()).installed, self._found)
        self._ask()

    def follow(self) -> None:
        """Show the settings as they are now."""
        settings = self._preferences.settings
        self._list_engines(settings.engine)
        for part in (self.model, self.adapter):
            part.setVisible(settings.engine != "builtin" and not self.lacks.text())
        if choice_in(settings) != self._choice:
            self._choice = choice_in(settings)
            self.makes.setText(LOOKING)
            self._resting.start()

    def _found(self, installed: tuple[Installed, ...]) -> None:
        self.model.show_installed(installed)
        self.adapter.show_installed(installed)

    def _ask(self) -> None:
        self._tasks.follow(self._makers.prepare(), self.makes.setText, lambda error: self.makes.setText(str(error)))

    def _list_engines(self, chosen: str) -> None:
        self.engine.clear()
        for name in [*self._offered, *([chosen] if chosen not in self._offered else [])]:
            self.engine.offer(offer_words(name), name, can_be_chosen(name))
        self.engine.setCurrentIndex(self.engine.findData(chosen))
