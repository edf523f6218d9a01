"""The page of the running session: the picture that moves with the music, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget

from musicmed_desktop.affect import Affect
from musicmed_desktop.audio.player import Player
from musicmed_desktop.ui.kit import Column
from musicmed_desktop.ui.pages.listening.display import Display
from musicmed_desktop.ui.pages.listening.feeling import FeelingPanel
from musicmed_desktop.ui.pages.listening.transport import Transport
from musicmed_desktop.ui.playing import state_words
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import SessionController

TICK_MS, PAUSED_TICK_MS = 33, 250


class ListeningPage(Column):
    """Follows the session of `controller`. It looks at the player about 30 times a second while it is in sight.

    Escape first brings silence, which costs nothing if it was a slip, and then, pressed again, stops; Stop itself
    asks nothing.
    """

    margins = (26, 16)
    gap = 10

    help_requested = Signal()

    def __init__(self, services: Services, controller: SessionController) -> None:
        super().__init__()
        self._controller = controller
        self._stopping = self._calming = False
        self.display = Display()
        self.feeling = FeelingPanel()
        self.transport = Transport(services.preferences)
        self._middle = QStackedWidget()
        self._middle.addWidget(self.display.stage)
        self._middle.addWidget(self.feeling)
        self.add(self.display.header, self._middle, self.transport)
        self.column.setStretch(1, 1)
        self._ticking = QTimer(self)
        self._ticking.setTimerType(Qt.TimerType.PreciseTimer)
        self._ticking.timeout.connect(self._tick)
        self._connect()

    def _connect(self) -> None:
        controller, transport = self._controller, self.transport
        controller.began.connect(self._began)
        controller.walk_changed.connect(self._walk_changed)
        controller.ended.connect(self._ended)
        transport.play_button.clicked.connect(self.play_pause)
        transport.asked_feeling.connect(self._open_feeling)
        transport.worse.connect(self._worse)
        transport.stop.connect(self.stop)
        self.feeling.moved.connect(self._moved)
        self.feeling.cancelled.connect(self._close_feeling)
        self.display.calm.help_requested.connect(self.help_requested)
        self.display.calm.stop.connect(self.stop)

    # --- what the listener wants

    def play_pause(self) -> None:
        if not self._controller.running or self._stopping:
            return
        if self._controller.paused:
            self._controller.resume()
        else:
            self._controller.pause()
        self._tick()

    def stop(self) -> None:
        """At once, without a question."""
        if self._controller.running and not self._stopping:
            self._stopping = True
            self._close_feeling()
            self.transport.set_in_use(False)
            self._controller.stop()
            self._tick()

    def _worse(self) -> None:
        self._close_feeling()
        if not self._calming:
            self._calming = True
            self._controller.worse()
        self.display.reassure()

    def _open_feeling(self) -> None:
        self._middle.setCurrentWidget(self.feeling)
        self.feeling.open(self._controller.walk.place(self._controller.position_s))

    def _close_feeling(self) -> None:
        if self._middle.currentWidget() is self.feeling:
            self._middle.setCurrentWidget(self.display.stage)
            self.transport.feeling_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _moved(self, felt: Affect) -> None:
        self._close_feeling()
        self._calming = False
        self.display.calm.hide()
        self._controller.moved(felt)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no part of the page wanted for itself."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.play_pause()
        elif event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat():
            self._escape()
        else:
            super().keyPressEvent(event)

    def _escape(self) -> None:
        player = self._player
        if self._middle.currentWidget() is self.feeling:
            self._close_feeling()
        elif player is not None and player.state in ("playing", "waiting") and not self._controller.paused:
            self.play_pause()
            self.transport.stop_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.stop()

    # --- what the session tells

    def _began(self) -> None:
        self._stopping = self._calming = False
        self.display.begin()
        self._middle.setCurrentWidget(self.display.stage)
        self.transport.set_in_use(True)
        self.transport.play_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._walk_changed()
        if self.isVisible():
            self._watch()

    def _walk_changed(self) -> None:
        self.display.show_walk(self._controller.walk)
        self._tick()

    def _ended(self, _ended: object) -> None:
        self._ticking.stop()
        self._stopping = False
        self._close_feeling()
        self.transport.set_in_use(False)
        self.display.end(self._controller.walk)

    # --- what is looked at while the page is in sight

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._controller.running:
            self._watch()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ticking.stop()

    def _watch(self) -> None:
        self._ticking.start(TICK_MS)
        self._tick()

    def _tick(self) -> None:
        player, walk, about = self._player, self._controller.walk, self._controller.about
        state = player.state if player else "preparing" if about else "loading"
        words = state_words("stopped" if self._stopping else state)
        self.display.show_moment(walk, self._controller.position_s, words)
        self.transport.play_button.show_playing(not self._controller.paused)
        if player:
            self.display.show_player(player, walk, self._controller.making, about)
        interval = PAUSED_TICK_MS if state == "paused" else TICK_MS
        if self._ticking.isActive() and interval != self._ticking.interval():
            self._ticking.start(interval)

    @property
    def _player(self) -> Player | None:
        return self._controller.player
