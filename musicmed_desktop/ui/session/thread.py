"""The thread on which a session is made. Its sound goes to the player from here, all else to the window."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event as Flag

from PySide6.QtCore import QObject, QThread, Signal

from musicmed_desktop.audio.player import Player
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Entry
from musicmed_desktop.plan import Plan
from musicmed_desktop.session.events import AllMade, ChunkReady, SessionFailed, SessionFinished
from musicmed_desktop.session.listening import Listening
from musicmed_desktop.session.record import SessionRecord
from musicmed_desktop.session.recording import Recording
from musicmed_desktop.session.wishes import Wishes
from musicmed_desktop.ui.makers import Makers
from musicmed_desktop.ui.sound import Sound

Keep = Callable[[Player], Entry]
_LOOK_MS = 20
_BUG = UserError(
    "Something went wrong inside the app, and the session had to end.",
    "You can start another one. Please pass the report on to the people who make the app.",
)


@dataclass(frozen=True)
class Conclusion:
    """How the thread ended; `entry` is there where something was kept."""

    entry: Entry | None
    record: SessionRecord | None
    shortened: bool
    error: UserError | None


class SessionThread(QThread):
    """Runs one session, once. `keep` is called on this thread when something was recorded."""

    player_opened = Signal(object)  # Player
    told = Signal(object)  # every event but the sound
    concluded = Signal(object)  # Conclusion: the last signal

    def __init__(
        self,
        parent: QObject,
        plan: Plan,
        makers: Makers,
        sound: Sound,
        volume: float,
        recording: Recording,
        wishes: Wishes,
        keep: Keep,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("session")
        self._plan = plan
        self._makers = makers
        self._sound = sound
        self._volume = volume
        self._recording = recording
        self._wishes = wishes
        self._keep = keep
        self._hurried = Flag()

    def hurry(self) -> None:
        """Do not wait for the last tone."""
        self._hurried.set()

    def run(self) -> None:
        try:
            conclusion = self._make()
        except UserError as error:
            conclusion = Conclusion(None, None, True, error)
        except BaseException as error:
            # Qt would only print it: what is not a UserError is a bug and has to surface as one.
            sys.excepthook(type(error), error, error.__traceback__)
            conclusion = Conclusion(None, None, True, _BUG)
        finally:
            self._recording.discard()
        self.concluded.emit(conclusion)

    def _make(self) -> Conclusion:
        engine = self._makers.engine()
        player = Player(self._sound.open, engine.sample_rate, engine.channels)
        player.volume = self._volume  # before the first sound
        try:
            player.start()
            self.player_opened.emit(player)
            last = self._play(player)
            entry = self._keep(player) if last.record is not None else None
            self._await_silence(player)
        finally:
            player.close()
        if isinstance(last, SessionFailed):
            return Conclusion(entry, last.record, True, last.error)
        return Conclusion(entry, last.record, last.shortened, None)

    def _play(self, player: Player) -> SessionFinished | SessionFailed:
        listening = Listening(
            self._plan,
            self._makers.engine(),
            self._makers.recognizer(),
            self._recording,
            committed_s=lambda: player.committed_s,
            wishes=self._wishes,
        )
        for event in listening.run():
            if isinstance(event, ChunkReady):
                player.play(event.frames, event.start_s)
            elif isinstance(event, AllMade):
                player.finish()
            elif isinstance(event, SessionFinished | SessionFailed):
                player.finish()  # also where the session broke off
                return event
            else:
                self.told.emit(event)
        raise RuntimeError("the session ended without its last event")

    def _await_silence(self, player: Player) -> None:
        while player.state not in ("ended", "stopped") and not self._hurried.is_set():
            self.msleep(_LOOK_MS)
