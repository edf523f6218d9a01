"""The page of the running session."""

from musicmed_desktop.ui.pages.listening.page import ListeningPage

__all__ = ["ListeningPage"]
