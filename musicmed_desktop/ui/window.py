"""The window of the app: where it lies, how it looks, and what it asks before it closes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow

from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.incoming import Incoming, with_inside, with_suffix
from musicmed_desktop.ui.kit import ask, tell
from musicmed_desktop.ui.media_keys import MediaKeys
from musicmed_desktop.ui.places import Places
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import SessionController
from musicmed_desktop.ui.theme import appearance

SMALLEST = (720, 560)
USUAL = (1120, 780)


class Window(QMainWindow):
    """Holds the places, and comes back where it was."""

    def __init__(self, services: Services, controller: SessionController) -> None:
        super().__init__()
        self.setWindowTitle("MusicMed")
        self._preferences = services.preferences
        self._controller = controller
        self._closing = False
        self.places = Places(services, controller)
        self.setCentralWidget(self.places)
        self.setMinimumSize(*SMALLEST)
        self._connect_keys()
        Incoming(self).came.connect(self.open_files)
        services.preferences.changed.connect(self._apply_look)
        services.preferences.unsaved.connect(lambda error: tell(self, error))
        self._restore()

    def come_forward(self) -> None:
        """Another start of the app asked for the window."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def open_files(self, paths: Sequence[Path]) -> None:
        """Open a plan, and bring in sessions, those in folders too; by their names."""
        plans, sessions = with_suffix(paths, ".musicmed-plan"), with_suffix(with_inside(paths), ".musicmed")
        if sessions:
            self.places.bring_in(sessions)
        if plans:
            self.places.open_plan(plans[0])
        if not (plans or sessions):
            hint = "It opens plans (.musicmed-plan) and sessions (.musicmed)."
            tell(self, UserError("MusicMed cannot open this file.", hint, "\n".join(map(str, paths))))

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
        self.places.replay.leave()
        self.places.check_out.leave()
        self._controller.shut_down()
        self._remember()
        event.accept()

    def _close_anyway(self, yes: bool) -> None:
        if yes:
            self._closing = True
            self.close()

    def _connect_keys(self) -> None:
        keys = MediaKeys(self)
        keys.play_pause.connect(self.places.play_pause)
        keys.stop.connect(self.places.listening.stop)

    def _apply_look(self) -> None:
        settings, look = self._preferences.settings, appearance()
        if (settings.theme, settings.text_size) != (look.choice, round(look.scale * 100)):
            look.apply(settings.theme, settings.text_size)

    def _restore(self) -> None:
        packed = QByteArray.fromBase64(self._preferences.settings.window.encode())
        if packed.isEmpty() or not self.restoreGeometry(packed):
            self.resize(*USUAL)

    def _remember(self) -> None:
        packed = bytes(self.saveGeometry().toBase64().data()).decode()
        self._preferences.change(window=packed)
        self._preferences.save()
