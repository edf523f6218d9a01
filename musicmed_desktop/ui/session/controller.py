"""The one session that may run: what the pages see of it, and what they may ask of it."""

from __future__ import annotations

from datetime import datetime
from secrets import randbits

from PySide6.QtCore import QObject, Signal

from musicmed_desktop.affect import Affect
from musicmed_desktop.audio.player import Player
from musicmed_desktop.library import Interrupted, LibraryRecording
from musicmed_desktop.plan import Plan, Prescription, build_plan
from musicmed_desktop.plan.detour import calm_now, from_here
from musicmed_desktop.session.events import EngineMoved
from musicmed_desktop.session.wishes import Wishes
from musicmed_desktop.ui.circumplex.walk import Walk
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session.check_in import CheckIn
from musicmed_desktop.ui.session.course import Course, Told
from musicmed_desktop.ui.session.state import Ended, Making
from musicmed_desktop.ui.session.thread import SessionThread

_PATIENCE_MS = 15_000  # for the thread, when the app is closed in the middle of a session


class SessionController(QObject):
    """`began`: `walk` is there, the music comes in a moment. `ended` follows every `began` exactly once.

    `player` is there from the moment when the sound device is open until the session has ended, `about` from the
    moment when the engine is open: what it says of itself. `engine_moved` carries that where it has changed.
    """

    began = Signal()
    walk_changed = Signal()
    engine_moved = Signal(str)
    ended = Signal(object)  # Ended

    check_in: CheckIn
    _asked: Prescription | Interrupted

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.player: Player | None = None
        self.about = ""
        self._held = False  # paused, perhaps before there is a player
        self._device: str | None = None  # as the settings name it
        self._thread: SessionThread | None = None
        services.preferences.changed.connect(self._follow_settings)

    @property
    def running(self) -> bool:
        return self._thread is not None

    @property
    def position_s(self) -> float:
        """The second that is heard now."""
        return self.player.position_s if self.player else 0.0

    @property
    def walk(self) -> Walk:
        return self._course.walk

    @property
    def making(self) -> Making:
        return self._course.making

    def begin(self, check_in: CheckIn, prescription: Prescription | None = None) -> None:
        """Start a session, as the check-in asks for it or as `prescription` does.

        UserError where it cannot be planned or kept.
        """
        words = f"{check_in.before_word} to {check_in.wished_word}"
        plan = build_plan(prescription or check_in.prescription(), seed=randbits(32))
        recording = self._services.library.recording(datetime.now().astimezone(), words, check_in.before)
        self._asked = plan.prescription
        self._start(check_in, plan, recording)

    def go_on(self, check_in: CheckIn, found: Interrupted) -> None:
        """Go on with an interrupted session; UserError where that cannot be."""
        prescription, recording = self._services.library.resume(found)
        self._asked = found
        self._start(check_in, build_plan(prescription, seed=randbits(32)), recording)

    def begin_again(self) -> None:
        """Start once more what could not be heard."""
        if isinstance(self._asked, Interrupted):
            self.go_on(self.check_in, self._asked)
        else:
            self.begin(self.check_in, self._asked)

    @property
    def paused(self) -> bool:
        """As the listener wants it, also before there is music."""
        return self._held

    def pause(self) -> None:
        self._held = True
        if self.player is not None:
            self.player.pause()

    def resume(self) -> None:
        self._held = False
        if self.player is not None:
            self.player.resume()

    def stop(self) -> None:
        """Fade out within a second; `ended` comes when it is kept."""
        if self.running:
            self._wishes.stop(self.player.stop() if self.player else None)

    def worse(self) -> None:
        """Calm at once; the moment is written down."""
        felt = self.walk.place(self.position_s)
        self._wishes.change("worse", felt, calm_now(self._course.plan.prescription, self._elapsed_s))
        self.resume()

    def moved(self, felt: Affect) -> None:
        """The rest is planned anew from how the listener feels now."""
        self._wishes.change("moved", felt, from_here(self._course.plan.prescription, felt, self._elapsed_s))
        self.resume()

    def shut_down(self) -> None:
        """Fade out, keep what was heard, and wait for the session's thread."""
        if self._thread is None:
            return
        self.stop()
        if not self._thread.wait(_PATIENCE_MS):
            raise RuntimeError("the session's thread does not end")

    @property
    def _elapsed_s(self) -> float:
        """Of the plan that holds now."""
        return max(0.0, self.position_s - self._course.start_s)

    def _follow_settings(self) -> None:
        """Volume and sound device of the session that runs."""
        if self.player is None:
            return
        settings = self._services.preferences.settings
        self.player.volume = settings.gain
        if settings.sound_device != self._device:
            self._device = settings.sound_device
            self.player.change_output(self._services.sound.open)

    def _start(self, check_in: CheckIn, plan: Plan, recording: LibraryRecording) -> None:
        if self.running:
            raise RuntimeError("a session is running")
        self.check_in = check_in
        self.about, self._held = "", False
        self._course = Course.of(plan)
        self._wishes = Wishes()
        self._device = self._services.preferences.settings.sound_device
        thread = SessionThread(self, self._services, self.check_in, plan, recording, self._wishes)
        thread.engine_opened.connect(self._engine_opened)
        thread.player_opened.connect(self._player_opened)
        thread.told.connect(self._hear)
        thread.concluded.connect(self._conclude)
        self._thread = thread
        thread.start()
        self.began.emit()

    def _engine_opened(self, about: str) -> None:
        self.about = about

    def _player_opened(self, player: Player) -> None:
        self.player = player
        if self._held:
            player.pause()
        self._follow_settings()  # they may have changed meanwhile

    def _hear(self, event: Told | EngineMoved) -> None:
        if isinstance(event, EngineMoved):
            self.about = event.about
            self.engine_moved.emit(event.about)
            return
        before, self._course = self._course, self._course.after(event)
        if self.walk is not before.walk:
            self.walk_changed.emit()

    def _conclude(self, ended: Ended) -> None:
        assert self._thread is not None
        self._thread.wait()
        self._thread.deleteLater()
        self._thread = self.player = None
        self.ended.emit(ended)
