"""The window: its pages, and the ways between them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Entry
from musicmed_desktop.session.record import SessionRecord
from musicmed_desktop.ui.kit import Notice, ask, tell
from musicmed_desktop.ui.media_keys import MediaKeys
from musicmed_desktop.ui.pages.check_in import CheckInPage
from musicmed_desktop.ui.pages.check_out import CheckOutPage
from musicmed_desktop.ui.pages.introduction import INTRODUCTION, CrisisHelp, IntroductionPage
from musicmed_desktop.ui.pages.listening import ListeningPage
from musicmed_desktop.ui.pages.replay import ReplayPage
from musicmed_desktop.ui.pages.sessions import SessionsPage
from musicmed_desktop.ui.pages.settings import SettingsPage
from musicmed_desktop.ui.rail import Rail
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import CheckIn, Ended, SessionController
from musicmed_desktop.ui.strip import SessionStrip
from musicmed_desktop.ui.theme import appearance

SMALLEST = (720, 560)
USUAL = (1120, 780)
_NARROW = 800  # pixels at 100 %; where the window is narrower, its places lie along the top
_ALONE = ("listening", "introduction")  # pages that have the window to themselves


class Window(QMainWindow):
    """Wires the pages to each other; what a page does is the page's own."""

    place_changed = Signal(str)

    def __init__(self, services: Services, controller: SessionController) -> None:
        super().__init__()
        self.setWindowTitle("MusicMed")
        self._services = services
        self._controller = controller
        self.check_in = CheckInPage(services)
        self.listening = ListeningPage(services, controller)
        self.check_out = CheckOutPage(services)
        self.sessions = SessionsPage(services)
        self.replay = ReplayPage(services)
        self.settings = SettingsPage(services)
        self.introduction = IntroductionPage(services)
        self.pages: dict[str, QWidget] = {
            "check_in": self.check_in,
            "listening": self.listening,
            "check_out": self.check_out,
            "sessions": self.sessions,
            "replay": self.replay,
            "settings": self.settings,
            "introduction": self.introduction,
            "help": CrisisHelp(),
        }
        self.place = ""
        self._closing = False
        self._lay_out()
        self._connect_session()
        self._connect_pages()
        self._restore()
        self._lay_rail()
        introduced = services.preferences.settings.first_run_done == INTRODUCTION
        self.go("check_in" if introduced else "introduction")

    def go(self, place: str) -> None:
        """Show a page."""
        self.place = place
        self._stack.setCurrentWidget(self.pages[place])
        self._rail.setVisible(place not in _ALONE)
        self._rail.mark(place)
        self._strip.setVisible(self._controller.running and place != "listening")
        self.place_changed.emit(place)

    def come_forward(self) -> None:
        """Another start of the app asked for the window."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def notice(self, text: str, undo: object = None) -> None:
        """Say what happened; `undo`, a callable or None, takes it back."""
        self._notice.show_text(text, undo if callable(undo) else None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_rail()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._controller.running and not self._closing:
            event.ignore()
            ask(
                self,
                "Stop the music and close?",
                "What you have heard so far is kept in My sessions.",
                yes="Stop and close",
                no="Keep listening",
                answered=self._close_anyway,
            )
            return
        self.replay.leave()
        self._controller.shut_down()
        self._remember()
        event.accept()

    def _close_anyway(self, yes: bool) -> None:
        if yes:
            self._closing = True
            self.close()

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        for page in self.pages.values():
            self._stack.addWidget(page)
        self._rail, self._strip, self._notice = Rail(), SessionStrip(), Notice()
        inner = QVBoxLayout()
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        for part in (self._stack, self._strip, self._notice):
            inner.addWidget(part)
        inner.setStretch(0, 1)
        whole = QWidget()
        self._outer = QBoxLayout(QBoxLayout.Direction.LeftToRight, whole)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(0)
        self._outer.addWidget(self._rail)
        self._outer.addLayout(inner, 1)
        self.setCentralWidget(whole)
        self.setMinimumSize(*SMALLEST)
        appearance().changed.connect(self._lay_rail)

    def _lay_rail(self) -> None:
        along_top = self.width() < appearance().px(_NARROW)
        way = QBoxLayout.Direction.TopToBottom if along_top else QBoxLayout.Direction.LeftToRight
        if self._outer.direction() != way:
            self._outer.setDirection(way)
            self._rail.lie(along_top)

    def _connect_session(self) -> None:
        controller = self._controller
        controller.began.connect(lambda: self.go("listening"))
        controller.ended.connect(self._session_ended)
        self._strip.back.connect(lambda: self.go("listening"))
        self._strip.stop.connect(controller.stop)
        keys = MediaKeys(self)
        keys.play_pause.connect(self.play_pause)
        keys.play.connect(controller.resume)
        keys.pause.connect(controller.pause)
        keys.stop.connect(controller.stop)
        controller.began.connect(lambda: keys.set_status("Playing"))
        controller.paused_changed.connect(lambda paused: keys.set_status("Paused" if paused else "Playing"))
        controller.ended.connect(lambda: keys.set_status("Stopped"))

    def _connect_pages(self) -> None:
        preferences = self._services.preferences
        preferences.changed.connect(self._apply_look)
        preferences.unsaved.connect(lambda error: tell(self, error))
        self._rail.chosen.connect(self._choose)
        self.check_in.start_requested.connect(self.start)
        self.listening.help_requested.connect(lambda: self.go("help"))
        self.check_out.new_session_requested.connect(lambda: self.go("check_in"))
        self.check_out.sessions_requested.connect(lambda: self.go("sessions"))
        self.check_out.replay_requested.connect(self.open_replay)
        self.check_out.help_requested.connect(lambda: self.go("help"))
        self.sessions.replay_requested.connect(self.open_replay)
        self.sessions.notice.connect(self.notice)
        self.replay.closed.connect(lambda: self.go("sessions"))
        self.settings.notice.connect(self.notice)
        self.settings.introduction_requested.connect(lambda: self.go("introduction"))
        self.introduction.finished.connect(lambda: self.go("check_in"))

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
        if self.place == "replay":
            self.replay.play_pause()
        elif self._controller.player is not None:
            paused = self._controller.player.state == "paused"
            self._controller.resume() if paused else self._controller.pause()

    def open_replay(self, entry: Entry) -> None:
        """Play a session of the library again."""
        library = self._services.library

        def opened(found: tuple[SessionRecord, Path]) -> None:
            self.replay.open(entry, *found)
            self.go("replay")

        self._services.tasks.run(
            lambda: (library.record(entry.id), library.audio(entry.id)), opened, lambda error: tell(self, error)
        )

    def _choose(self, place: str) -> None:
        if place == "check_in" and self._controller.running:
            place = "listening"
        if self.place == "replay":
            self.replay.leave()
        self.go(place)

    def _session_ended(self, ended: Ended) -> None:
        self.check_in.reset()
        self._strip.hide()
        if self._closing:
            return
        self.check_out.show_ended(ended)
        self.go("check_out")

    def _apply_look(self) -> None:
        settings, look = self._services.preferences.settings, appearance()
        if (settings.theme, settings.text_size) != (look.choice, round(look.scale * 100)):
            look.apply(settings.theme, settings.text_size)

    def _restore(self) -> None:
        packed = QByteArray.fromBase64(self._services.preferences.settings.window.encode())
        if packed.isEmpty() or not self.restoreGeometry(packed):
            self.resize(*USUAL)

    def _remember(self) -> None:
        packed = bytes(self.saveGeometry().toBase64().data()).decode()
        self._services.preferences.change(window=packed)
        self._services.preferences.save()
