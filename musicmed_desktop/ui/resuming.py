"""A session that was interrupted is offered again: to go on, to keep as it is, or to throw away."""

from __future__ import annotations

from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Interrupted
from musicmed_desktop.ui.kit import minutes_words, tell
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import CheckIn, SessionController
from musicmed_desktop.ui.window import Window


def offer_interrupted(window: Window, services: Services, controller: SessionController) -> None:
    """Where the app ended in the middle of a session, ask what should become of it."""
    services.tasks.run(
        services.library.interrupted, lambda found: _offer(window, services, controller, found[0]) if found else None
    )


def _offer(window: Window, services: Services, controller: SessionController, found: Interrupted) -> None:
    page = window.places.check_in
    page.offer(f"{found.entry.title}, after {minutes_words(found.heard_s)}")

    def go_on() -> None:
        try:
            controller.go_on(check_in_of(found), found)
        except UserError as error:
            tell(window, error)

    page.resume_requested.connect(go_on)


def check_in_of(found: Interrupted) -> CheckIn:
    """What the listener had said before the session that was interrupted."""
    asked = found.prescription
    return CheckIn(
        before=found.entry.before,
        wished=asked.target,
        minutes=asked.minutes,
        instruments=asked.palette.instruments,
        genre=asked.palette.genres[0] if asked.palette.genres else "",
    )
