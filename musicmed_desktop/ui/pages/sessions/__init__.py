"""The page "My sessions"."""

from musicmed_desktop.ui.pages.sessions.page import SessionsPage

__all__ = ["SessionsPage"]
