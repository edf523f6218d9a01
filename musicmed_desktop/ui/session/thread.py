"""The thread on which a session is made. Its sound goes to the player from here, all else to the window."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QThread, Signal

from musicmed_desktop.audio.player import Player
from musicmed_desktop.engines.base import CancelledError, Engine
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Entry, LibraryRecording
from musicmed_desktop.plan import Plan
from musicmed_desktop.session.events import AllMade, ChunkReady, SessionFailed, SessionFinished
from musicmed_desktop.session.listening import Listening
from musicmed_desktop.session.record import Coordinates
from musicmed_desktop.session.wishes import Wishes
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session.check_in import CheckIn
from musicmed_desktop.ui.session.state import Ended

_LOOK_MS = 20
_BUG = UserError(
    "Something went wrong inside the app, and the session had to end.",
    "You can start another one. Please pass the report on to the people who make the app.",
)


class SessionThread(QThread):
    """Runs one session, once."""

    engine_opened = Signal(str)  # what it says of itself
    player_opened = Signal(object)  # Player
    told = Signal(object)  # every event but the sound
    concluded = Signal(object)  # Ended: the last signal

    def __init__(
        self,
        parent: QObject,
        services: Services,
        check_in: CheckIn,
        plan: Plan,
        recording: LibraryRecording,
        wishes: Wishes,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("session")
        self._services = services
        self._check_in = check_in
        self._plan = plan
        self._recording = recording
        self._wishes = wishes

    def run(self) -> None:
        try:
            with self._services.makers.engine(self._wishes.stop_waiting) as engine:
                self.engine_opened.emit(engine.about)
                ended = self._make(engine)
        except CancelledError:  # before there was an engine
            ended = Ended(self._check_in, None, None, shortened=True)
        except UserError as error:
            ended = self._broken_off(error)
        except BaseException as error:
            # Qt would only print it: what is not a UserError is a bug and has to surface as one.
            sys.excepthook(type(error), error, error.__traceback__)
            ended = self._broken_off(_BUG)
        finally:
            self._recording.discard()
        self.concluded.emit(ended)

    def _broken_off(self, error: UserError, unheard: bool = False) -> Ended:
        return Ended(self._check_in, None, None, shortened=True, error=error, unheard=unheard)

    def _make(self, engine: Engine) -> Ended:
        services = self._services
        player = Player(services.sound.open, engine.sample_rate, engine.channels)
        player.volume = services.preferences.settings.gain  # before the first sound
        try:
            player.start()
        except UserError as error:
            return self._broken_off(error, unheard=True)
        try:
            self.player_opened.emit(player)
            last = self._play(player, engine)
            if isinstance(last, SessionFinished) and last.shortened:
                player.stop()  # where the listener was quicker than the news that there is a player
            entry = self._keep(player.underruns)
            self._await_silence(player)
        finally:
            player.close()
        if isinstance(last, SessionFailed):
            return Ended(self._check_in, entry, last.record, shortened=True, error=last.error)
        return Ended(self._check_in, entry, last.record, last.shortened)

    def _play(self, player: Player, engine: Engine) -> SessionFinished | SessionFailed:
        listening = Listening(
            self._plan,
            engine,
            self._services.makers.recognizer(),
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

    def _keep(self, underruns: int) -> Entry | None:
        """Complete what the library has of the session, where it kept something."""
        entry = self._recording.entry
        if entry is None:
            return None
        said = {"before": Coordinates.of(self._check_in.before), "start_word": self._check_in.before_word}
        device = self._services.preferences.settings.sound_device or ""
        own = entry.changed(**said, underruns=underruns, sound_device=device)
        try:
            return self._services.library.add(self._recording, own)
        except UserError:
            return entry  # the music is kept all the same

    def _await_silence(self, player: Player) -> None:
        while player.state not in ("ended", "stopped"):
            self.msleep(_LOOK_MS)
