"""How the window looks."""

from __future__ import annotations

from musicmed_desktop.ui.pages.settings.fields import Choice, Field, Section, help_of
from musicmed_desktop.ui.services import Services

SIZES = (100, 125, 150, 175)
THEMES = {"system": "As the system has them", "light": "Light", "dark": "Dark", "contrast": "High contrast"}


class LookSettings(Section):
    """The window puts a change into effect."""

    def __init__(self, services: Services) -> None:
        super().__init__("How it looks")
        self._preferences = services.preferences
        self.size_, self.theme = Choice(), Choice()
        for size in SIZES:
            self.size_.addItem(f"{size} %", size)
        for theme, words in THEMES.items():
            self.theme.addItem(words, theme)
        sizes = Field("&Text size", self.size_, help_of("text_size"))
        themes = Field("C&olours", self.theme, "High contrast is white and yellow on black.")
        self.add(sizes, themes)
        self.follow()
        self.size_.activated.connect(lambda: self._preferences.change(text_size=self.size_.currentData()))
        self.theme.activated.connect(lambda: self._preferences.change(theme=self.theme.currentData()))
        self._preferences.changed.connect(self.follow)

    def follow(self) -> None:
        """Show the settings as they are now."""
        settings = self._preferences.settings
        self.size_.setCurrentIndex(self.size_.findData(settings.text_size))
        self.theme.setCurrentIndex(self.theme.findData(settings.theme))
