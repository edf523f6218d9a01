"""The page "Music models"."""

from musicmed_desktop.ui.pages.models.page import ModelsPage

__all__ = ["ModelsPage"]
