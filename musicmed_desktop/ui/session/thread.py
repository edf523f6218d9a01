"""The thread on which a session is made. Its sound goes to the player from here, all else to the window."""

from __future__ import annotations

import sys
from contextlib import suppress

from PySide6.QtCore import QObject, QThread, Signal

from musicmed_desktop.audio.player import Player
from musicmed_desktop.engines.base import CancelledError, Engine
from musicmed_desktop.errors import UserError
from musicmed_desktop.library import LibraryRecording
from musicmed_desktop.library.resumed import ResumedRecording
from musicmed_desktop.plan import Plan
from musicmed_desktop.session.events import AllMade, ChunkReady, SessionFailed, SessionFinished
from musicmed_desktop.session.listening import Listening
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
            ended = self._ended(shortened=True)
        except UserError as error:
            ended = self._ended(shortened=True, error=error)
        except BaseException as error:
            # Qt would only print it: what is not a UserError is a bug and has to surface as one.
            sys.excepthook(type(error), error, error.__traceback__)
            ended = self._ended(shortened=True, error=_BUG)
        finally:
            self._recording.discard()
        self.concluded.emit(ended)

    def _make(self, engine: Engine) -> Ended:
        services = self._services
        player = Player(services.sound.open, engine.sample_rate, engine.channels)
        player.volume = services.preferences.settings.gain  # before the first sound
        try:
            player.start()
        except UserError as error:
            return Ended(self._check_in, None, None, shortened=True, error=error, unheard=True)
        try:
            self.player_opened.emit(player)
            last = self._play(player, engine)
            if isinstance(last, SessionFinished) and last.shortened:
                player.stop()  # where the listener was quicker than the news that there is a player
            if isinstance(last, SessionFailed):
                ended = self._ended(shortened=True, error=last.error, underruns=player.underruns)
            else:
                ended = self._ended(last.shortened, underruns=player.underruns)
            self._await_silence(player)
        finally:
            player.close()
        return ended

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

    def _ended(self, shortened: bool, error: UserError | None = None, underruns: int = 0) -> Ended:
        """With what the library keeps of the session; one that broke off is kept as far as it was stored."""
        recording = self._recording
        recording.discard()
        with suppress(UserError):  # what is stored is found again when it can be kept
            if recording.entry is None and recording.has_stored:
                recording.entry = self._services.library.keep_broken_off(recording.id)
                recording.record = self._services.library.record(recording.id)
        if recording.entry is not None:
            self._note_playing(recording.entry.id, underruns)
        waits = recording.entry is None and (recording.has_stored or isinstance(recording, ResumedRecording))
        return Ended(self._check_in, recording.entry, recording.record, shortened, error, waits=waits)

    def _note_playing(self, id: str, underruns: int) -> None:
        """How it was played; where even that cannot be written, the session is kept all the same."""
        device = self._services.preferences.settings.sound_device or ""
        with suppress(UserError):
            self._recording.entry = self._services.library.change(id, underruns=underruns, sound_device=device)

    def _await_silence(self, player: Player) -> None:
        while player.state not in ("ended", "stopped"):
            self.msleep(_LOOK_MS)
