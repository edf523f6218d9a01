"""Looking at what this computer can play: it takes seconds the first time, and all of the computer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from threading import Event, Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from musicmed_desktop.engines.models.catalogue import Entry
from musicmed_desktop.engines.models.progress import Cancelled, CancelledError
from musicmed_desktop.engines.musicgen.pace import forget
from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from musicmed_desktop.engines.models.fitness import Fit

PATIENCE_S = 2.0  # for the thread when the app is closed
Measure = Callable[[Iterable[Entry], Cancelled], "tuple[Fit, ...]"]


def measure(entries: Iterable[Entry], cancelled: Cancelled) -> tuple[Fit, ...]:
    """How the music models among `entries` suit this computer, the one to recommend first."""
    from musicmed_desktop.engines.models.fitness import fits

    return fits([entry for entry in entries if entry.kind == "model"], cancelled=cancelled)


class Measuring(QObject):
    """On a thread of its own, which gives way to what the computer is `needed` for, such as music."""

    measured = Signal(object)  # tuple[Fit, ...]
    refused = Signal(object)  # UserError

    def __init__(
        self, tasks: Tasks, catalogue: Callable[[], Iterable[Entry]], measure: Measure, needed: Callable[[], bool]
    ) -> None:
        super().__init__()
        self._tasks, self._catalogue, self._measure, self._needed = tasks, catalogue, measure, needed
        self._thread: Thread | None = None
        self._closing = Event()
        application = QCoreApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self.close)

    def begin(self) -> None:
        """Look, unless that is being done already, or something else needs the computer."""
        if self._thread or self._needed() or self._closing.is_set():
            return
        future: Future[tuple[Fit, ...] | None] = Future()
        self._thread = Thread(target=self._run, args=(future,), name="measuring", daemon=True)
        self._thread.start()
        self._tasks.follow(future, self._done, self._failed)

    def begin_anew(self) -> None:
        """Forget what was measured, and look again."""
        self._tasks.run(forget, lambda _: self.begin())

    def close(self) -> None:
        self._closing.set()
        if self._thread:
            self._thread.join(PATIENCE_S)

    def _run(self, future: Future[tuple[Fit, ...] | None]) -> None:
        try:
            future.set_result(self._measure(self._catalogue(), self._must_stop))
        except CancelledError:
            future.set_result(None)
        except BaseException as error:  # whoever follows the future tells of it
            future.set_exception(error)

    def _must_stop(self) -> bool:
        return self._closing.is_set() or self._needed()

    def _done(self, fits: tuple[Fit, ...] | None) -> None:
        self._thread = None
        if fits is None:
            self.begin()  # what needed the computer may be over already
        else:
            self.measured.emit(fits)

    def _failed(self, error: UserError) -> None:
        self._thread = None
        self.refused.emit(error)
