"""A stored session is heard again, with its picture."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from musicmed_desktop.audio.player import Player
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Entry
from musicmed_desktop.session.record import SessionRecord
from musicmed_desktop.ui.circumplex.trajectory import TrajectoryView
from musicmed_desktop.ui.circumplex.walk import Walk, walk_of_record
from musicmed_desktop.ui.circumplex.words import words_near
from musicmed_desktop.ui.kit import body, card, muted, title
from musicmed_desktop.ui.pages.listening.cards import ProblemCard
from musicmed_desktop.ui.pages.listening.stage import Stage
from musicmed_desktop.ui.pages.listening.why import WhyCard
from musicmed_desktop.ui.pages.listening.words import state_words
from musicmed_desktop.ui.pages.replay.controls import Controls
from musicmed_desktop.ui.pages.replay.thread import ReplayThread
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.sound import gain

TICK_MS = 33


class ReplayPage(QWidget):
    """Plays what `open` gave it until it is left; Escape goes back, Space pauses."""

    closed = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._walk: Walk | None = None
        self._thread: ReplayThread | None = None
        self._fading: set[ReplayThread] = set()  # left, and about to end
        self.player: Player | None = None
        self._title, self._felt, self._note = title(""), body(), body()
        self.problem, self.why = ProblemCard(), WhyCard()
        self.picture = TrajectoryView()
        self._note_card = card(muted("Your note"), self._note)
        self._stage = Stage(self.picture, self.problem, self.why.frame, card(self._felt), self._note_card)
        self.controls = Controls(services.preferences)
        column = QVBoxLayout(self)
        column.setContentsMargins(26, 16, 26, 16)
        for part in (self._title, self._stage, self.controls):
            column.addWidget(part)
        column.setStretch(1, 1)
        self._ticking = QTimer(self)
        self._ticking.setInterval(TICK_MS)
        self._ticking.timeout.connect(self._tick)
        self.picture.hovered.connect(self.why.point_at)
        self.controls.play_or_pause.connect(self.play_pause)
        self.controls.back.connect(self._close)
        self.controls.seek_bar.sought.connect(self._seek)
        services.preferences.changed.connect(self._set_volume)
        application = QCoreApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self._await_silence)

    def open(self, entry: Entry, record: SessionRecord, audio_path: Path) -> None:
        """Show a session and begin to play it; what was played before is left."""
        self.leave()
        self._walk = walk_of_record(record)
        self._title.setText(entry.title)
        self._felt.setText(_felt_words(entry))
        self._note.setText(entry.note)
        self._note_card.setVisible(bool(entry.note))
        self.problem.hide()
        self.picture.set_walk(None)
        self.picture.set_position(0.0)
        self.picture.set_walk(self._walk)
        self.picture.set_marks(entry.before.affect, entry.after.affect if entry.after else None)
        self.controls.seek_bar.set_length(record.audio.duration_s)
        self.controls.set_in_use(True)
        self._begin(audio_path)
        self.controls.play_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Fade out, and give file and sound device back."""
        self._ticking.stop()
        self.player = None
        if self._thread is not None:
            self._thread.player_opened.disconnect(self._opened)
            self._thread.failed.disconnect(self._failed)
            self._thread.end()
            self._thread = None

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

    def _begin(self, audio_path: Path) -> None:
        thread = ReplayThread(audio_path, self._services.sound, self._volume)
        thread.player_opened.connect(self._opened)
        thread.failed.connect(self._failed)
        thread.finished.connect(lambda: self._fading.discard(thread))
        self._thread = thread
        self._fading.add(thread)
        thread.start()

    def _opened(self, player: Player) -> None:
        self.player = player
        self._set_volume()  # it may have changed meanwhile
        self._ticking.start()
        self._tick()

    def _failed(self, error: UserError) -> None:
        self._ticking.stop()
        self.player = None
        self.controls.set_in_use(False)
        self.problem.show_problem(error, lost=False)

    def _seek(self, to_s: float) -> None:
        if self._thread is not None:
            self._thread.seek(to_s)

    def _tick(self) -> None:
        player, walk = self.player, self._walk
        if player is None or walk is None:
            return
        position_s, state = player.position_s, player.state
        self.picture.set_position(position_s)
        self.why.show_heard(_REPLAYING.get(state) or state_words(state), walk.step_at(position_s))
        self.why.meter.set_level(player.level())
        self.controls.seek_bar.show_position(position_s)
        self.controls.show_playing(state in ("playing", "waiting", "lost"))
        self.problem.show_problem(player.problem, state == "lost")

    @property
    def _volume(self) -> float:
        settings = self._services.preferences.settings
        return gain(settings.volume, settings.volume_limit)

    def _set_volume(self) -> None:
        if self.player is not None:
            self.player.volume = self._volume

    def _await_silence(self) -> None:
        """No thread outlives the application."""
        self.leave()
        for thread in tuple(self._fading):
            thread.wait()


_REPLAYING = {"waiting": "One moment.", "paused": "Paused."}


def _felt_words(entry: Entry) -> str:
    before = f"Before you felt {words_near(entry.before.affect, 1)[0]}"
    if entry.after is None:
        return f"{before}."
    return f"{before}, afterwards {words_near(entry.after.affect, 1)[0]}."
