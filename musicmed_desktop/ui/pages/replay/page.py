"""A stored session is heard again, with its picture."""

from __future__ import annotations

from typing import BinaryIO

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent

from musicmed_desktop.audio.player import Player
from musicmed_desktop.library import Entry
from musicmed_desktop.session.record import SessionRecord
from musicmed_desktop.ui.circumplex import Walk, walk_of_record
from musicmed_desktop.ui.kit import Column
from musicmed_desktop.ui.pages.replay.controls import Controls
from musicmed_desktop.ui.pages.replay.display import Display
from musicmed_desktop.ui.pages.replay.thread import ReplayThread
from musicmed_desktop.ui.services import Services

TICK_MS = 33


class ReplayPage(Column):
    """Plays what `open` gave it until it is left; Escape goes back, Space pauses."""

    margins = (26, 16)
    gap = 10

    closed = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._walk: Walk | None = None
        self._thread: ReplayThread | None = None
        self._threads: set[ReplayThread] = set()  # with those that were left, until they have ended
        self.display = Display()
        self.controls = Controls(services.preferences)
        self.add(self.display.title, self.display.stage, self.controls)
        self.column.setStretch(1, 1)
        self._ticking = QTimer(self)
        self._ticking.setInterval(TICK_MS)
        self._ticking.timeout.connect(self._tick)
        self.controls.play_button.clicked.connect(self.play_pause)
        self.controls.back.connect(self._close)
        self.controls.seek_bar.sought.connect(self._seek)
        services.preferences.changed.connect(self._set_volume)
        application = QCoreApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self._await_silence)

    def open(self, entry: Entry, record: SessionRecord, music: BinaryIO) -> None:
        """Show a session and begin to play it; what was played before is left."""
        self.leave()
        self._walk = walk_of_record(record)
        self.display.begin(entry, self._walk)
        self.controls.seek_bar.set_length(record.audio.duration_s)
        self.controls.set_in_use(True)
        self.controls.play_button.show_playing(True)
        self._begin(music)
        self.controls.play_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Fade out, and give file and sound device back."""
        self._ticking.stop()
        if self._thread is not None:
            self._thread.end()
            self._thread = None

    @property
    def fading(self) -> bool:
        """Whether something that was left has not ended yet."""
        return bool(self._threads - {self._thread})

    @property
    def player(self) -> Player | None:
        """What plays; None until the sound is open."""
        return self._thread.player if self._thread else None

    def play_pause(self) -> None:
        if self.player is None or self._thread is None:
            return
        if self.player.state == "ended":
            self._thread.seek(0.0)
        elif self.player.state == "paused":
            self.player.resume()
        else:
            self.player.pause()
        self._tick()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no part of the page wanted for itself."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.play_pause()
        elif event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat():
            self._close()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # minimizing the window is no reason to fall silent
            self.leave()

    def _close(self) -> None:
        self.leave()
        self.closed.emit()

    def _begin(self, music: BinaryIO) -> None:
        thread = ReplayThread(music, self._services.sound, self._volume)

        def ended() -> None:
            self._threads.discard(thread)
            thread.finished.disconnect(ended)  # else the thread, and the music it holds, would keep themselves

        thread.finished.connect(ended)
        self._thread = thread
        self._threads.add(thread)
        thread.start()
        self._ticking.start()

    def _seek(self, to_s: float) -> None:
        if self._thread is not None:
            self._thread.seek(to_s)

    def _tick(self) -> None:
        if self._thread is not None and self._thread.problem is not None:
            self._ticking.stop()
            self.controls.set_in_use(False)
            self.display.problem.show_problem(self._thread.problem, lost=False)
        elif self.player is not None and self._walk is not None:
            self.display.show_moment(self.player, self._walk)
            self.controls.seek_bar.show_position(self.player.position_s)
            self.controls.play_button.show_playing(self.player.state in ("playing", "waiting", "lost"))

    @property
    def _volume(self) -> float:
        return self._services.preferences.settings.gain

    def _set_volume(self) -> None:
        if self._thread is not None:
            self._thread.volume = self._volume
        if self.player is not None:
            self.player.volume = self._volume

    def _await_silence(self) -> None:
        """No thread outlives the application."""
        self.leave()
        for thread in tuple(self._threads):
            thread.wait()
