"""What every page may use, handed to it once."""

from __future__ import annotations

from dataclasses import dataclass

from musicmed_desktop.library import Library
from musicmed_desktop.ui.makers import Makers
from musicmed_desktop.ui.preferences import Preferences
from musicmed_desktop.ui.sound import Sound
from musicmed_desktop.ui.tasks import Tasks
from musicmed_desktop.ui.transfers import Transfers


@dataclass(frozen=True)
class Services:
    """Made by the application at its start, closed by it at its end. `offline`: it was started with --offline."""

    preferences: Preferences
    library: Library
    tasks: Tasks
    sound: Sound
    makers: Makers
    transfers: Transfers
    offline: bool = False

    def may_use_network(self) -> bool:
        """Neither the settings nor the command line forbid it. May be asked from any thread."""
        return not (self.offline or self.preferences.settings.offline)
