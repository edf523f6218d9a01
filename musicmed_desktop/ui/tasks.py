"""Work off the window's thread: the one primitive for everything but the session itself."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from musicmed_desktop.errors import UserError

T = TypeVar("T")


class Tasks(QObject):
    """Runs functions one after another on a thread of its own, and hands their results to the window's thread.

    What is neither a result nor a UserError is a bug, and reaches sys.excepthook on the window's thread.
    """

    _finished = Signal(object)  # a callable for the window's thread

    def __init__(self) -> None:
        super().__init__()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="task")
        self._finished.connect(lambda call: call(), Qt.ConnectionType.QueuedConnection)
        self._open = True

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], object] = lambda _: None,
        failed: Callable[[UserError], object] = lambda _: None,
    ) -> None:
        """Call `work` in the background, then `done` or `failed` here."""
        self.follow(self._pool.submit(work), done, failed)

    def run_apart(
        self,
        work: Callable[[], T],
        done: Callable[[T], object] = lambda _: None,
        failed: Callable[[UserError], object] = lambda _: None,
    ) -> None:
        """The same for work of many seconds, on a thread that ends with it: nothing else has to wait."""
        pool = ThreadPoolExecutor(1, thread_name_prefix="long task")
        self.follow(pool.submit(work), done, failed)
        pool.shutdown(wait=False)

    def follow(
        self,
        future: Future[T],
        done: Callable[[T], object] = lambda _: None,
        failed: Callable[[UserError], object] = lambda _: None,
    ) -> None:
        """Call `done` or `failed` here when another thread has done its work."""
        future.add_done_callback(lambda ended: self._post(ended, done, failed))

    def close(self) -> None:
        """Let everything be done that was asked for; no result is handed on any more."""
        self._open = False
        self._pool.shutdown()

    def _post(self, future: Future[T], done: Callable[[T], object], failed: Callable[[UserError], object]) -> None:
        def deliver() -> None:
            if self._open:
                _deliver(future, done, failed)

        if not future.cancelled() and self._open:
            self._finished.emit(deliver)


def _deliver(future: Future[T], done: Callable[[T], object], failed: Callable[[UserError], object]) -> None:
    error = future.exception()
    if isinstance(error, UserError):
        failed(error)
    elif error is not None:
        sys.excepthook(type(error), error, error.__traceback__)
    else:
        done(future.result())
