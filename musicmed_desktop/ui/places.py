"""The pages, and the ways between them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Entry
from musicmed_desktop.session.record import SessionRecord
from musicmed_desktop.ui.frame import Frame
from musicmed_desktop.ui.kit import tell
from musicmed_desktop.ui.pages.check_in import CheckInPage
from musicmed_desktop.ui.pages.check_out import CheckOutPage
from musicmed_desktop.ui.pages.introduction import INTRODUCTION, CrisisHelp, IntroductionPage
from musicmed_desktop.ui.pages.listening import ListeningPage
from musicmed_desktop.ui.pages.models import ModelsPage
from musicmed_desktop.ui.pages.replay import ReplayPage
from musicmed_desktop.ui.pages.sessions import SessionsPage
from musicmed_desktop.ui.pages.settings import SettingsPage
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import CheckIn, Ended, SessionController
from musicmed_desktop.ui.unheard import offer_sound

_MOVED = "Your music goes on, made more slowly than before. It may pause now and then. The details say why."
_ALONE = ("listening", "introduction")  # pages that have the window to themselves
_PART_OF = {"models": "settings"}  # which place is marked on a page of no place of its own


class Places(Frame):
    """Wires the pages to each other; what a page does is the page's own. `changed` carries the place shown now."""

    changed = Signal(str)

    def __init__(self, services: Services, controller: SessionController) -> None:
        super().__init__()
        self._services = services
        self._controller = controller
        self.check_in = CheckInPage(services)
        self.listening = ListeningPage(services, controller)
        self.check_out = CheckOutPage(services)
        self.sessions = SessionsPage(services)
        self.replay = ReplayPage(services)
        self.settings = SettingsPage(services)
        self.models = ModelsPage(services, lambda: controller.running)
        self.introduction = IntroductionPage(services)
        self.pages: dict[str, QWidget] = {
            "check_in": self.check_in,
            "listening": self.listening,
            "check_out": self.check_out,
            "sessions": self.sessions,
            "replay": self.replay,
            "settings": self.settings,
            "models": self.models,
            "introduction": self.introduction,
            "help": CrisisHelp(),
        }
        for page in self.pages.values():
            self.hold(page)
        self._connect_session()
        self._connect_pages()
        introduced = services.preferences.settings.first_run_done == INTRODUCTION
        self.here = ""
        self.go("check_in" if introduced else "introduction")

    def go(self, place: str) -> None:
        """Show a page."""
        self.here = place
        self.show_page(self.pages[place])
        self.rail.setVisible(place not in _ALONE)
        self.rail.mark(_PART_OF.get(place, place))
        self.strip.setVisible(self._controller.running and place != "listening")
        self.changed.emit(place)

    def start(self, check_in: CheckIn) -> None:
        """Start a session; says why where it cannot be."""
        self.check_in.set_busy(True)
        try:
            self._controller.begin(check_in)
        except UserError as error:
            self.check_in.set_busy(False)
            tell(self, error)

    def play_pause(self) -> None:
        """What the play key of a keyboard does."""
        if self.here == "replay":
            self.replay.play_pause()
        else:
            self.listening.play_pause()

    def open_replay(self, entry: Entry) -> None:
        """Play a session of the library again, but never into the music of another one."""
        if self._refuse_while_playing():
            return
        library, asked_at = self._services.library, self.here

        def opened(found: tuple[SessionRecord, BinaryIO]) -> None:
            if self.here == asked_at and not self._controller.running:  # the listener has not gone on meanwhile
                self.replay.open(entry, *found)
                self.go("replay")
            else:
                found[1].close()

        self._services.tasks.run(
            lambda: (library.record(entry.id), library.sound(entry.id)), opened, lambda error: tell(self, error)
        )

    def open_plan(self, path: Path) -> None:
        """Put somebody else's plan before the listener, where no question waits for an answer."""
        if self._refuse_while_playing():
            return
        self.check_in.plans.open(path)
        if self.check_out.waiting:
            self.say("The plan is there when you begin a new session.")
        elif self.here != "introduction":
            self.go("check_in")

    def bring_in(self, paths: Sequence[Path]) -> None:
        """Bring in sessions from files; nobody is led away from their music."""
        self.sessions.bringing.begin(paths)
        if self.here not in _ALONE:
            self.go("sessions")

    def _connect_session(self) -> None:
        self._controller.began.connect(lambda: self.go("listening"))
        self._controller.ended.connect(self._session_ended)
        self._controller.ended.connect(lambda _: self.models.look())
        self._controller.engine_moved.connect(lambda _: self.say(_MOVED))
        self.strip.back.connect(lambda: self.go("listening"))
        self.strip.stop.connect(self.listening.stop)

    def _connect_pages(self) -> None:
        self.rail.chosen.connect(self._choose)
        self.check_in.start_requested.connect(self.start)
        self.check_in.notice.connect(self.say)
        self.listening.help_requested.connect(lambda: self.go("help"))
        self.check_out.new_session_requested.connect(lambda: self.go("check_in"))
        self.check_out.sessions_requested.connect(lambda: self.go("sessions"))
        self.check_out.replay_requested.connect(self.open_replay)
        self.check_out.help_requested.connect(lambda: self.go("help"))
        self.sessions.replay_requested.connect(self.open_replay)
        self.sessions.notice.connect(self.say)
        self.replay.closed.connect(lambda: self.go("sessions"))
        self.settings.notice.connect(self.say)
        self.settings.models_requested.connect(lambda: self.go("models"))
        self.models.notice.connect(self.say)
        self.models.closed.connect(lambda: self.go("settings"))
        self.settings.introduction_requested.connect(self._introduce)
        self.introduction.finished.connect(lambda: self.go("check_in"))

    def _introduce(self) -> None:
        """Show the introduction again; its sound check would play into the music."""
        if not self._refuse_while_playing():
            self.go("introduction")

    def _refuse_while_playing(self) -> bool:
        if self._controller.running:
            self.say("Your music is playing. Please stop it first.")
        return self._controller.running

    def _choose(self, place: str) -> None:
        """Go where the listener wants; a session is begun when the one before is over, its last question too."""
        if place == "check_in" and self._controller.running:
            place = "listening"
        elif place == "check_in" and self.check_out.waiting:
            place = "check_out"
        self.go(place)

    def _session_ended(self, ended: Ended) -> None:
        if ended.error is None or ended.entry is not None:
            self.check_in.reset()
        else:  # it can be tried again as it was
            self.check_in.set_busy(False)
        self.strip.hide()
        if ended.unheard and ended.error:
            self.go("check_in")
            offer_sound(self, self._services, self._controller, ended.error)
            return
        self.check_out.show_ended(ended)
        if self.here == "help" and not ended.shortened:  # nobody is led away from where they look for help
            self.say("The music has come to its end. Press New session when you are ready.")
        else:
            self.go("check_out")
