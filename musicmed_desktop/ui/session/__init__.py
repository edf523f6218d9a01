"""The running session, as the pages see it."""

from musicmed_desktop.ui.session.check_in import CheckIn
from musicmed_desktop.ui.session.controller import SessionController
from musicmed_desktop.ui.session.state import Ended, Making

__all__ = ["CheckIn", "Ended", "Making", "SessionController"]
