"""Before the session: how somebody feels, where they would like to go, and what they would like to hear."""

from musicmed_desktop.ui.pages.check_in.page import CheckInPage

__all__ = ["CheckInPage"]
