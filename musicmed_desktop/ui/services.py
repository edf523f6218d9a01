"""What every page may use, handed to it once."""

from __future__ import annotations

from dataclasses import dataclass

from musicmed_desktop.library import Library
from musicmed_desktop.ui.makers import Makers
from musicmed_desktop.ui.preferences import Preferences
from musicmed_desktop.ui.sound import Sound
from musicmed_desktop.ui.tasks import Tasks


@dataclass(frozen=True)
class Services:
    """Made by the application at its start, closed by it at its end."""

    preferences: Preferences
    library: Library
    tasks: Tasks
    sound: Sound
    makers: Makers
