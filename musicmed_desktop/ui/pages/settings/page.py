"""Settings: each is in effect, and kept, as soon as it is changed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent

from musicmed_desktop.ui.kit import Page, muted, title
from musicmed_desktop.ui.pages.settings.about import About
from musicmed_desktop.ui.pages.settings.folder import FolderSettings
from musicmed_desktop.ui.pages.settings.helpers import HelperSettings
from musicmed_desktop.ui.pages.settings.look import LookSettings
from musicmed_desktop.ui.pages.settings.music import MusicSettings
from musicmed_desktop.ui.pages.settings.sound import SoundSettings
from musicmed_desktop.ui.services import Services


class SettingsPage(Page):
    """Looks at the computer when it is shown, not before; for sound devices only the first time."""

    introduction_requested = Signal()
    models_requested = Signal()
    notice = Signal(str, object)  # words, and what undoes it or None

    def __init__(self, services: Services) -> None:
        super().__init__(width=760)
        self._looked = False
        self.sound, self.look = SoundSettings(services), LookSettings(services)
        self.music, self.folder = MusicSettings(services), FolderSettings(services)
        self.helpers, self.about = HelperSettings(services), About()
        self.add(title("Settings"), muted("Each change is kept at once."))
        self.add(self.sound, self.look, self.folder, self.music, self.about, self.helpers, None)
        self.about.introduction_requested.connect(self.introduction_requested)
        self.music.models_requested.connect(self.models_requested)
        for teller in (self.folder, self.about):
            teller.notice.connect(self.notice)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._looked:
            self._looked = True
            self.sound.look()
        self.music.look()
        self.folder.lock.follow()
