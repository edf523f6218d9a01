"""The one session that may run: what the pages see of it, and what they may ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from secrets import randbits

from PySide6.QtCore import QObject, QTimer, Signal

from musicmed_desktop.affect import Affect
from musicmed_desktop.audio.player import Player
from musicmed_desktop.library import Entry, Interrupted, LibraryRecording, RunningNote
from musicmed_desktop.plan import Plan, Prescription, build_plan
from musicmed_desktop.plan.detour import calm_now, from_here
from musicmed_desktop.session.events import Replanned, StepMeasured, StepStarted
from musicmed_desktop.session.record import Coordinates
from musicmed_desktop.session.wishes import Wishes
from musicmed_desktop.ui.circumplex.walk import Walk, walk_of_plan
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.session.check_in import CheckIn
from musicmed_desktop.ui.session.state import Ended, Making
from musicmed_desktop.ui.session.thread import Conclusion, SessionThread
from musicmed_desktop.ui.sound import gain

_NOTE_MS = 2000  # between looks at how much was heard
_PATIENCE_MS = 15_000  # for the thread, when the app is closed in the middle of a session


@dataclass(frozen=True)
class _Leg:
    """The part of the session that follows one plan, from `start_s` of the session on."""

    plan: Plan
    start_s: float


class SessionController(QObject):
    """`began`: `walk` is there, the music comes in a moment. `ended` follows every `began` exactly once.

    `player` is there from the moment when the sound device is open until the session has ended.
    """

    began = Signal()
    walk_changed = Signal()
    making_changed = Signal()
    paused_changed = Signal(bool)
    ended = Signal(object)  # Ended

    walk: Walk
    making: Making
    check_in: CheckIn

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.player: Player | None = None
        self._thread: SessionThread | None = None
        self._noting = QTimer(self)
        self._noting.setInterval(_NOTE_MS)
        self._noting.timeout.connect(lambda: self._note.heard(self.position_s))
        services.preferences.changed.connect(self._set_volume)

    @property
    def running(self) -> bool:
        return self._thread is not None

    @property
    def position_s(self) -> float:
        """The second that is heard now."""
        return self.player.position_s if self.player else 0.0

    def begin(self, check_in: CheckIn, prescription: Prescription | None = None) -> None:
        """Start a session, as the check-in asks for it or as `prescription` does.

        UserError where it cannot be planned or kept.
        """
        if self.running:
            raise RuntimeError("a session is running")
        plan = build_plan(prescription or check_in.prescription(), seed=randbits(32))
        started = datetime.now().astimezone()
        services, before = self._services, Coordinates.of(check_in.before)
        recording = services.library.recording(started)
        try:
            note = Interrupted(prescription=plan.prescription, started=started, before=before)
            self._note = RunningNote(services.library.folder, note)
        except BaseException:
            recording.discard()
            raise
        self.check_in = check_in
        self.walk = walk_of_plan(plan)
        self.making = Making(1, len(plan.steps))
        self._leg = _Leg(plan, 0.0)
        self._wishes = Wishes()
        self._start_thread(plan, recording)
        self.began.emit()

    def pause(self) -> None:
        if self.player is not None:
            self.player.pause()
            self.paused_changed.emit(True)

    def resume(self) -> None:
        if self.player is not None:
            self.player.resume()
            self.paused_changed.emit(False)

    def stop(self) -> None:
        """Fade out within a second; `ended` comes when it is kept."""
        if self.running:
            self._wishes.stop(self.player.stop() if self.player else None)

    def worse(self) -> None:
        """Calm at once; the moment is written down."""
        felt = self.walk.place(self.position_s)
        self._wishes.change("worse", felt, calm_now(self._leg.plan.prescription, self._elapsed_s))
        self.resume()

    def moved(self, felt: Affect) -> None:
        """The rest is planned anew from how the listener feels now."""
        self._wishes.change("moved", felt, from_here(self._leg.plan.prescription, felt, self._elapsed_s))
        self.resume()

    def shut_down(self) -> None:
        """End the session now, keep what was heard, and wait for its thread."""
        if self._thread is None:
            return
        self.stop()
        self._thread.hurry()
        if not self._thread.wait(_PATIENCE_MS):
            raise RuntimeError("the session's thread does not end")
        self._note.close()

    @property
    def _elapsed_s(self) -> float:
        """Of the plan that holds now."""
        return max(0.0, self.position_s - self._leg.start_s)

    @property
    def _volume(self) -> float:
        settings = self._services.preferences.settings
        return gain(settings.volume, settings.volume_limit)

    def _set_volume(self) -> None:
        if self.player is not None:
            self.player.volume = self._volume

    def _start_thread(self, plan: Plan, recording: LibraryRecording) -> None:
        services, device = self._services, self._services.preferences.settings.sound_device
        before, word = Coordinates.of(self.check_in.before), self.check_in.before_word

        def keep(player: Player) -> Entry:
            assert recording.entry is not None
            entry = recording.entry.changed(
                before=before, start_word=word, underruns=player.underruns, sound_device=device or ""
            )
            return services.library.add(recording, entry)

        thread = SessionThread(self, plan, services.makers, services.sound, self._volume, recording, self._wishes, keep)
        thread.player_opened.connect(self._player_opened)
        thread.told.connect(self._hear)
        thread.concluded.connect(self._conclude)
        self._thread = thread
        thread.start()
        self._noting.start()

    def _player_opened(self, player: Player) -> None:
        self.player = player
        self._set_volume()  # it may have changed meanwhile

    def _hear(self, event: StepStarted | StepMeasured | Replanned) -> None:
        count = len(self._leg.plan.steps)
        if isinstance(event, Replanned):
            self._replan(event)
        elif isinstance(event, StepStarted):
            self._set_making(Making(event.step.index + 1, count))
        elif isinstance(event, StepMeasured):
            self.walk = self.walk.with_measured(self._leg.start_s + event.step.start_s, event.measurement.affect)
            self.walk_changed.emit()
            if event.step.index + 1 == count:
                self._set_making(Making(count, count, complete=True))

    def _replan(self, event: Replanned) -> None:
        self._leg = _Leg(event.plan, event.start_s)
        self._note.change(prescription=event.plan.prescription, from_s=event.start_s)
        self.walk = self.walk.replanned(event.plan, event.start_s)
        self.walk_changed.emit()
        self._set_making(Making(1, len(event.plan.steps)))

    def _set_making(self, making: Making) -> None:
        self.making = making
        self.making_changed.emit()

    def _conclude(self, conclusion: Conclusion) -> None:
        assert self._thread is not None
        self._thread.wait()
        self._thread.deleteLater()
        self._thread = self.player = None
        self._noting.stop()
        self._note.close()
        self.ended.emit(
            Ended(self.check_in, conclusion.entry, conclusion.record, conclusion.shortened, conclusion.error)
        )
