"""An output at work, and the opening of one."""

from __future__ import annotations

import threading
from concurrent.futures import Future

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.output import OpenOutput, Output
from musicmed_desktop.audio.playout import Playout


class Line:
    """An output that was started; silent as long as it has no playout. Raises UserError where it does not start."""

    def __init__(self, output: Output) -> None:
        self.output = output
        self.playout: Playout | None = None
        try:
            output.start(self._fill)
        except BaseException:
            output.close()
            raise

    def _fill(self, block: Frames) -> None:
        if self.playout is None:
            block[:] = 0.0
        else:
            self.playout.fill(block)


class Opening:
    """A line that is being opened on a thread of its own, which may take long, or for ever."""

    def __init__(self, open_output: OpenOutput) -> None:
        self._open_output = open_output
        self._future: Future[Line] = Future()
        threading.Thread(target=self._open, name="opening sound", daemon=True).start()

    @property
    def done(self) -> bool:
        return self._future.done()

    def line(self) -> Line:
        """The line, once it is done; raises what opening it raised."""
        return self._future.result()

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
