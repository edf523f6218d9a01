"""A session that was interrupted is offered again."""

from __future__ import annotations

from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Interrupted, forget, interrupted, rest
from musicmed_desktop.ui.kit import minutes_words, tell
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import CheckIn, SessionController
from musicmed_desktop.ui.window import Window


def offer_interrupted(window: Window, services: Services, controller: SessionController) -> None:
    """Where the app ended in the middle of a session, ask whether to go on with it."""
    folder = services.library.folder
    found = interrupted(folder)
    if found is None:
        return
    check_in = check_in_of(found)
    page = window.places.check_in
    page.offer(f"From {check_in.before_word} to {check_in.wished_word}, after {minutes_words(found.heard_s)}")

    def go_on() -> None:
        try:
            controller.begin(check_in, rest(found))  # whose own note takes the place of this one
        except UserError as error:
            tell(window, error)

    page.resume_requested.connect(go_on)
    page.resume_declined.connect(lambda: forget(folder))


def check_in_of(found: Interrupted) -> CheckIn:
    """What the listener had said before the session that was interrupted."""
    asked = found.prescription
    return CheckIn(
        before=found.before.affect,
        wished=asked.target,
        minutes=asked.minutes,
        instruments=asked.palette.instruments,
        genre=asked.palette.genres[0] if asked.palette.genres else "",
    )
