"""Long work with a model's files, such as a download of an hour: one at a time, on a thread of its own."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal

from musicmed_desktop.engines.models.progress import Cancelled, CancelledError, Progress, Told
from musicmed_desktop.errors import UserError

PATIENCE_S = 2.0  # for the thread when the app is closed: it may be waiting for an answer from the network
_TELL_S = 0.1  # between two reports to the window
_BUG = UserError(
    "Something went wrong inside the app.",
    "You can try again. Please pass the report on to the people who make the app.",
)

State = Literal["idle", "running", "stopping", "paused", "failed"]


@dataclass(frozen=True)
class Transfer:
    """A long work about the model `about`. `doing` names it, as in "Downloading MusicGen small".

    `work` gives what is to be said when it is done. It raises UserError, and CancelledError when it is stopped. Where
    there is a `discard`, what was done is kept until then, so that the work can be paused. `with_token` is the same
    work with an access token, where it may need one.
    """

    about: str
    doing: str
    work: Callable[[Told, Cancelled], str]
    discard: Callable[[], object] | None = None
    with_token: Callable[[str], Transfer] | None = None


class Transfers(QObject):
    """What is under way, for the window's thread. What is neither a result nor a UserError reaches sys.excepthook."""

    changed = Signal()  # the state
    progressed = Signal(object)  # Progress, at most ten times a second
    finished = Signal(object, str)  # the Transfer, and what is to be said

    _told = Signal(object)
    _ended = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.state: State = "idle"
        self.transfer: Transfer | None = None
        self.progress: Progress | None = None
        self.problem: UserError | None = None
        self._thread: Thread | None = None
        self._stop, self._discard = Event(), False
        self._lock, self._open = Lock(), True
        self._told.connect(self._show_progress, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._end, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether something is under way, and nothing else can begin."""
        return self.state in ("running", "stopping")

    def begin(self, transfer: Transfer) -> None:
        """Start a work; one that was paused or failed gives way to it, and what was done of it is kept."""
        if self.busy:
            raise RuntimeError("only one transfer at a time")
        self.transfer, self.progress, self.problem = transfer, None, None
        self._stop, self._discard = Event(), False
        self._start(lambda: transfer.work(_seldom(self._tell), self._stop.is_set), "running")

    def offer(self, transfer: Transfer, progress: Progress) -> None:
        """Show a work that an earlier run of the app left half done as paused."""
        if not self.busy:
            self.transfer, self.progress, self.problem = transfer, progress, None
            self._show("paused")

    def pause(self) -> None:
        """Stop the work, keeping what was done."""
        if self.state == "running":
            self._stop.set()
            self._show("stopping")

    def resume(self) -> None:
        """Go on with what was paused, or try again what failed."""
        if self.transfer and not self.busy:
            self.begin(self.transfer)

    def cancel(self) -> None:
        """Stop the work, and throw away what was done."""
        self._discard = True
        if self.state == "running":
            self.pause()
        elif self.transfer and not self.busy:
            self._start(_stopped, "stopping")

    def leave(self) -> None:
        """Show what was paused or failed no more; what was done of it is kept."""
        if not self.busy:
            self.transfer = self.progress = None
            self._show("idle")

    def close(self) -> None:
        """Pause, for the app ends. A thread that is waiting for the network is not waited for: it dies with the app."""
        with self._lock:
            self._open = False
        self._stop.set()
        if self._thread:
            self._thread.join(PATIENCE_S)

    def _start(self, job: Callable[[], str], state: State) -> None:
        self._thread = Thread(target=self._run, args=(job,), name="transfer", daemon=True)
        self._show(state)
        self._thread.start()

    def _show(self, state: State) -> None:
        self.state = state
        self.changed.emit()

    # On the thread

    def _run(self, job: Callable[[], str]) -> None:
        outcome: str | UserError | None
        try:
            outcome = self._done(job)
        except UserError as error:
            outcome = error
        except BaseException as error:
            # A thread would only print it: what is not a UserError is a bug and has to surface as one.
            sys.excepthook(type(error), error, error.__traceback__)
            outcome = _BUG
        self._post(lambda: self._ended.emit(outcome))

    def _done(self, job: Callable[[], str]) -> str | None:
        """What is to be said; None where the work was stopped."""
        try:
            return job()
        except CancelledError:
            if self._discard and self.transfer and self.transfer.discard:
                self.transfer.discard()
            return None

    def _tell(self, progress: Progress) -> None:
        self._post(lambda: self._told.emit(progress))

    def _post(self, emit: Callable[[], object]) -> None:
        """The application may be gone when a thread that waited for the network has something to say."""
        with self._lock:
            if self._open:
                emit()

    # On the window's thread

    def _show_progress(self, progress: Progress) -> None:
        self.progress = progress
        self.progressed.emit(progress)

    def _end(self, outcome: str | UserError | None) -> None:
        transfer = self.transfer
        if not self._open:
            return
        if isinstance(outcome, UserError):
            self.problem = outcome
            self._show("failed")
        elif outcome is None and transfer and transfer.discard and not self._discard:
            self._show("paused")
        else:
            self.state = "idle"
            self.leave()
            if outcome:
                self.finished.emit(transfer, outcome)


def _stopped() -> str:
    raise CancelledError


def _seldom(told: Told) -> Told:
    """Hands on a report where the last one is `_TELL_S` old, or was of other work."""
    last = [("", float("-inf"))]

    def tell(progress: Progress) -> None:
        work, told_at = last[0]
        now = time.monotonic()
        if progress.work != work or now - told_at >= _TELL_S:
            last[0] = progress.work, now
            told(progress)

    return tell
