"""The page of the running session: the picture that moves with the music, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from musicmed_desktop.affect import Affect
from musicmed_desktop.audio.player import Player
from musicmed_desktop.ui.circumplex.trajectory import TrajectoryView
from musicmed_desktop.ui.kit import card, muted
from musicmed_desktop.ui.pages.listening.cards import CalmCard, ProblemCard
from musicmed_desktop.ui.pages.listening.details import Details
from musicmed_desktop.ui.pages.listening.feeling import FeelingPanel
from musicmed_desktop.ui.pages.listening.header import Header
from musicmed_desktop.ui.pages.listening.stage import Stage
from musicmed_desktop.ui.pages.listening.transport import Transport
from musicmed_desktop.ui.pages.listening.why import WhyCard
from musicmed_desktop.ui.pages.listening.words import STOPPING, journey, making_words, played_words, state_words
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session import SessionController
from musicmed_desktop.ui.theme import appearance

TICK_MS, PAUSED_TICK_MS = 33, 250


class ListeningPage(QWidget):
    """Follows the session of `controller`. It looks at the player about 30 times a second while it is in sight.

    Escape first brings silence, which costs nothing if it was a slip, and then, pressed again, stops; Stop itself
    asks nothing.
    """

    help_requested = Signal()

    def __init__(self, services: Services, controller: SessionController) -> None:
        super().__init__()
        self._controller = controller
        self._stopping = self._calming = False
        self.header = Header()
        self.problem, self.calm = ProblemCard(), CalmCard()
        self.why, self.making = WhyCard(), muted("")
        self.details = Details(services.preferences.settings.engine)
        self.picture = TrajectoryView()
        self.stage = Stage(self.picture, self.problem, self.calm, self.why.frame, card(self.making, self.details))
        self.feeling = FeelingPanel()
        self.transport = Transport(services.preferences)
        self._middle = QStackedWidget()
        self._middle.addWidget(self.stage)
        self._middle.addWidget(self.feeling)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(26, 16, 26, 16)
        self._column.addWidget(self.header)
        self._column.addWidget(self._middle, 1)
        self._column.addWidget(self.transport)
        self._ticking = QTimer(self)
        self._ticking.setTimerType(Qt.TimerType.PreciseTimer)
        self._ticking.timeout.connect(self._tick)
        self._connect()
        self._measure()

    def _connect(self) -> None:
        controller, transport = self._controller, self.transport
        controller.began.connect(self._began)
        controller.walk_changed.connect(self._walk_changed)
        controller.ended.connect(self._ended)
        transport.pause_or_resume.connect(self.pause_or_resume)
        transport.asked_feeling.connect(self._open_feeling)
        transport.worse.connect(self._worse)
        transport.stop.connect(self.stop)
        self.feeling.moved.connect(self._moved)
        self.feeling.cancelled.connect(self._close_feeling)
        self.calm.help_requested.connect(self.help_requested)
        self.calm.stop.connect(self.stop)
        self.picture.hovered.connect(self.why.point_at)
        appearance().changed.connect(self._measure)

    # --- what the listener wants

    def pause_or_resume(self) -> None:
        player = self._player
        if player is None or self._stopping:
            return
        if player.state == "paused":
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
        self.calm.calm()
        self.stage.words.verticalScrollBar().setValue(0)

    def _open_feeling(self) -> None:
        self._middle.setCurrentWidget(self.feeling)
        self.feeling.open(self._controller.walk.place(self._position_s))

    def _close_feeling(self) -> None:
        if self._middle.currentWidget() is self.feeling:
            self._middle.setCurrentWidget(self.stage)
            self.transport.feeling_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _moved(self, felt: Affect) -> None:
        self._close_feeling()
        self._calming = False
        self.calm.hide()
        self._controller.moved(felt)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no part of the page wanted for itself."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.pause_or_resume()
        elif event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat():
            self._escape()
        else:
            super().keyPressEvent(event)

    def _escape(self) -> None:
        player = self._player
        if self._middle.currentWidget() is self.feeling:
            self._close_feeling()
        elif player is not None and player.state in ("playing", "waiting"):
            self.pause_or_resume()
            self.transport.stop_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.stop()

    # --- what the session tells

    def _began(self) -> None:
        self._stopping = self._calming = False
        self.calm.hide()
        self.problem.hide()
        self._middle.setCurrentWidget(self.stage)
        self.transport.set_in_use(True)
        self.transport.pause_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._walk_changed()
        if self.isVisible():
            self._watch()

    def _walk_changed(self) -> None:
        walk = self._controller.walk
        self.picture.set_walk(walk)
        self.header.show_journey(journey(walk.start, walk.target))
        self._tick()

    def _ended(self, _ended: object) -> None:
        self._ticking.stop()
        self._stopping = False
        self._close_feeling()
        self.transport.set_in_use(False)
        self.why.meter.set_level(float("-inf"))
        self.why.show_heard(state_words("ended"), self._controller.walk.steps[-1])

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
        player = self._player
        state = player.state if player else "preparing"
        position_s, walk = self._position_s, self._controller.walk
        self.picture.set_position(position_s)
        self.header.show_time(position_s, walk.seconds)
        self.transport.show_paused(state == "paused")
        self.why.show_heard(STOPPING if self._stopping else state_words(state), walk.step_at(position_s))
        if player:
            self._look_at(player, position_s)
        interval = PAUSED_TICK_MS if state == "paused" else TICK_MS
        if self._ticking.isActive() and interval != self._ticking.interval():
            self._ticking.start(interval)

    def _look_at(self, player: Player, position_s: float) -> None:
        made = self._controller.making
        made_words = making_words(made.step, made.count, made.complete, player.given_s - position_s)
        words = f"{made_words} {played_words(position_s, self._controller.walk.seconds)}"
        if words != self.making.text():
            self.making.setText(words)
        self.why.meter.set_level(player.level())
        self.problem.show_problem(player.problem, player.state == "lost")
        self.details.show_step(self._controller.walk.step_at(position_s), player.underruns)

    @property
    def _player(self) -> Player | None:
        return self._controller.player

    @property
    def _position_s(self) -> float:
        return self._controller.position_s

    def _measure(self) -> None:
        self._column.setSpacing(appearance().px(10))
