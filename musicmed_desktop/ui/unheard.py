"""A session that could not begin, since no sound device could be opened."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.kit import ask, tell
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import SessionController

_OTHERWISE = "Or play where the computer plays everything else, until you choose a device in the settings."


def offer_sound(parent: QWidget, services: Services, controller: SessionController, problem: UserError) -> None:
    """Say what is wrong. Where it is wrong with the device that the settings name, offer the system's choice."""
    preferences = services.preferences
    if preferences.settings.sound_device is None:
        tell(parent, problem)
        return

    def answered(yes: bool) -> None:
        if not yes:
            return
        preferences.change(sound_device=None)
        try:
            controller.begin_again()
        except UserError as error:
            tell(parent, error)

    ask(parent, problem.title, f"{problem.hint} {_OTHERWISE}", "Play there", "Not now", answered)
