"""The page of a session that is heard again."""

from musicmed_desktop.ui.pages.replay.page import ReplayPage

__all__ = ["ReplayPage"]
