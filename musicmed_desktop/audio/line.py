"""An output at work."""

from __future__ import annotations

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.output import Output
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
