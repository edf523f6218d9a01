"""An output without a device: sound that is due by the clock, and heard by nobody."""

from __future__ import annotations

import threading
import time

from musicmed_desktop.audio.frames import silence
from musicmed_desktop.audio.output import Fill

BLOCK_S = 0.02  # of real time


class SilentOutput:
    """Asks for a block every 20 ms, `speed` times as much as would sound meanwhile.

    A late thread catches up by a few blocks; after more the clock stands still meanwhile, as a sound card's would.
    """

    name = "silent"
    latency_s = 0.0
    xruns = 0
    _CATCH_UP = 5  # blocks

    def __init__(self, sample_rate: int = 44_100, channels: int = 2, speed: float = 1.0) -> None:
        """`speed`: how many times faster than real time, 1 to 100."""
        if not 1.0 <= speed <= 100.0:
            raise ValueError(f"speed {speed} is not within 1 to 100")
        self.sample_rate = sample_rate
        self.channels = channels
        self.speed = speed
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def alive(self) -> bool:
        return not self._closed.is_set()

    def start(self, fill: Fill) -> None:
        self._thread = threading.Thread(target=self._run, args=[fill], name="silent output", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closed.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self, fill: Fill) -> None:
        block = silence(round(BLOCK_S * self.speed * self.sample_rate), self.channels)
        due = time.perf_counter()
        while not self._closed.wait(max(0.0, due - time.perf_counter())):
            fill(block)
            due = max(due + BLOCK_S, time.perf_counter() - self._CATCH_UP * BLOCK_S)
