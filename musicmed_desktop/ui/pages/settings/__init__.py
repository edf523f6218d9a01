"""The page "Settings"."""

from musicmed_desktop.ui.pages.settings.page import SettingsPage

__all__ = ["SettingsPage"]
