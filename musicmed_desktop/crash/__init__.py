"""What becomes of failures that nobody caught: a report, kept on this computer, that tells nothing of its user."""

from musicmed_desktop.crash.hooks import OnCrash, install
from musicmed_desktop.crash.reports import mark_shown, previous_crash

__all__ = ["OnCrash", "install", "mark_shown", "previous_crash"]
