"""The next line, which is opened aside while the present one plays, or while there is none."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future

from musicmed_desktop.audio.line import Line
from musicmed_desktop.audio.output import OpenOutput
from musicmed_desktop.errors import UserError

RETRY_S = 1.0
OPENING_S = 8.0  # what takes longer hangs


class Successor:
    """Opens a line when one is wanted, and keeps it until it is taken. One thread, but for `want`."""

    def __init__(self, open_output: OpenOutput) -> None:
        self.line: Line | None = None
        self._open_output = open_output
        self._wanted = False
        self._opening: Opening | None = None
        self._retry_at = 0.0

    def want(self, open_output: OpenOutput) -> None:
        """From any thread: this one, now and whenever a device is lost."""
        self._open_output = open_output
        self._wanted = True

    def open(self) -> Line:
        """The first line, which is waited for. Raises UserError where it could not be opened."""
        self._wanted = False
        opening = Opening(self._open_output)
        try:
            return opening.line(OPENING_S)
        except TimeoutError:
            opening.abandon()
            raise UserError("The computer's sound does not answer.", "Try again in a moment.") from None

    def seek(self, lost: bool) -> None:
        """Called now and then; `lost`: there is no line. Raises UserError where a line could not be opened."""
        if self._opening and self._opening.done:
            opening, self._opening = self._opening, None
            self.line = opening.line()
        elif self._opening is None and self.line is None and (self._wanted or (lost and self._retry_due)):
            self._wanted = False
            self._retry_at = time.perf_counter() + RETRY_S
            self._opening = Opening(self._open_output)

    def take(self) -> Line | None:
        line, self.line = self.line, None
        return line

    def close(self) -> None:
        if self._opening:
            self._opening.abandon()
        if line := self.take():
            line.output.close()

    @property
    def _retry_due(self) -> bool:
        return time.perf_counter() >= self._retry_at


class Opening:
    """A line that is being opened on a thread of its own, which may take long, or for ever."""

    def __init__(self, open_output: OpenOutput) -> None:
        self._open_output = open_output
        self._future: Future[Line] = Future()
        threading.Thread(target=self._open, name="opening sound", daemon=True).start()

    @property
    def done(self) -> bool:
        return self._future.done()

    def line(self, seconds: float | None = None) -> Line:
        """The line, once it is done; raises what opening it raised, and TimeoutError after so many `seconds`."""
        return self._future.result(seconds)

    def abandon(self) -> None:
        """Close the line, or have it closed if ever it opens."""
        self._future.add_done_callback(_close)

    def _open(self) -> None:
        try:
            self._future.set_result(Line(self._open_output()))
        except BaseException as error:  # raised again by `line`
            self._future.set_exception(error)


def _close(future: Future[Line]) -> None:
    if future.exception() is None:
        future.result().output.close()
