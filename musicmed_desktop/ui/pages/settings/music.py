"""What makes the music, and why it is not something larger."""

from __future__ import annotations

from importlib.util import find_spec

from PySide6.QtWidgets import QWidget

from musicmed_desktop.doctor import Finding, graphics
from musicmed_desktop.engines import ENGINES
from musicmed_desktop.ui.engine_words import engine_words
from musicmed_desktop.ui.kit import body, muted
from musicmed_desktop.ui.pages.settings.fields import Choice, Field, Section, help_of
from musicmed_desktop.ui.services import Services

_MAKES = {"builtin": "The built-in composer makes the music. It needs no download and no graphics processor."}


class MusicSettings(Section):
    """Looks for a graphics processor when the page is first shown."""

    def __init__(self, services: Services) -> None:
        super().__init__("What makes the music")
        self._preferences, self._tasks = services.preferences, services.tasks
        self.makes, self.reason = body(), muted("Looking at this computer…")
        self.engine = Choice()
        for name in ENGINES:
            self.engine.addItem(engine_words(name), name)
        parts: list[QWidget] = [self.makes, self.reason]
        if len(ENGINES) > 1:
            parts.append(Field("&Engine", self.engine, help_of("engine")))
        self.add(*parts)
        self.follow()
        self.engine.activated.connect(lambda: self._preferences.change(engine=self.engine.currentData()))
        self._preferences.changed.connect(self.follow)

    def look(self) -> None:
        """Look for a graphics processor in the background."""
        self._tasks.run(why_this_engine, self.reason.setText)

    def follow(self) -> None:
        """Show the settings as they are now."""
        engine = self._preferences.settings.engine
        self.makes.setText(_MAKES.get(engine, f"The music is made by {engine_words(engine)}."))
        self.engine.setCurrentIndex(self.engine.findData(engine))


def why_this_engine() -> str:
    """What was found of a graphics processor, in plain words. May take seconds: not for the window's thread."""
    if find_spec("torch") is None:
        return "Larger music models are not installed, so no graphics processor is used."
    return graphics_words(graphics())


def graphics_words(found: Finding) -> str:
    if found.status == "ok":
        return f"A graphics processor was found ({found.text})."
    return "No graphics processor was found, so larger music models are not used."
