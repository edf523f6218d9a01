"""Sessions that were interrupted are offered again, one after the other: go on, keep as it is, throw away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QObject

from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Interrupted
from musicmed_desktop.ui.kit import ask, minutes_words, tell
from musicmed_desktop.ui.pages.check_in.resume_card import Answer
from musicmed_desktop.ui.pages.sessions.words import when
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import CheckIn, SessionController
from musicmed_desktop.ui.window import Window

_FOR_GOOD = "Its music and all that was written down of it are removed for good. This cannot be undone."


class Resuming(QObject):
    """Shows the newest one on the check-in page, and the next one when that is answered. Lives as long as `window`."""

    def __init__(self, window: Window, services: Services, controller: SessionController) -> None:
        super().__init__(window)
        self._window, self._services, self._controller = window, services, controller
        self._page = window.places.check_in
        self._offered: Interrupted | None = None
        self._page.resume_answered.connect(self._answered)
        controller.ended.connect(lambda _: self.look())  # it may have been one, or have become one

    def look(self) -> None:
        """Look in the background for what is to be offered."""
        self._services.tasks.run(self._services.library.interrupted, self._offer)

    def _offer(self, found: tuple[Interrupted, ...]) -> None:
        self._offered = found[0] if found else None
        self._page.offer(words_of(found[0], datetime.now(UTC)) if found else "")

    def _answered(self, answer: Answer) -> None:
        found = self._offered
        if found is None:
            return
        if answer == "go_on":
            self._go_on(found)
        elif answer == "keep":
            self._do(partial(self._services.library.keep, found), "What you heard is kept in My sessions.")
        else:
            question = "Throw this session away?"
            ask(self._window, question, _FOR_GOOD, "Throw it away", "Leave it", partial(self._thrown, found), "danger")

    def _go_on(self, found: Interrupted) -> None:
        try:
            self._controller.go_on(check_in_of(found), found)
        except UserError as error:
            self._refused(error)
        else:
            self._page.offer("")

    def _thrown(self, found: Interrupted, sure: bool) -> None:
        if sure:
            self._do(partial(self._services.library.throw_away, found), "The session was thrown away.")

    def _do(self, work: Callable[[], object], words: str) -> None:
        def done(_: object) -> None:
            self._window.places.say(words)
            self.look()

        self._page.offer("")
        self._services.tasks.run(work, done, self._refused)

    def _refused(self, error: UserError) -> None:
        tell(self._window, error)
        self.look()


def words_of(found: Interrupted, now: datetime) -> str:
    """As in "From anxious to calm. Yesterday, 20:15, stopped after 4 minutes."."""
    return f"{found.entry.title}. {when(found.entry.started, now)}, stopped after {minutes_words(found.heard_s)}."


def check_in_of(found: Interrupted) -> CheckIn:
    """What the listener had said before the session that was interrupted."""
    return CheckIn.by(found.prescription, found.entry.before)
