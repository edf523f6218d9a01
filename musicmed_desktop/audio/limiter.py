"""A look-ahead true-peak limiter that leaves alone whatever stays below its ceiling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.audio.frames import Backlog, Frames, silence
from musicmed_desktop.audio.truepeak import BLOCK, HALF, interval_peaks

LOOK_AHEAD_S = 0.005
RELEASE_DB_PER_S = 30.0
_HOP = 128 * BLOCK  # worked through at once, whatever the chunks: so chunking cannot change a bit
_MARGIN_DB = 0.5  # what is limited at all is limited this much further: meters differ near Nyquist

Decibels = NDArray[np.float64]  # attenuation, >= 0


class TruePeakLimiter:
    """Keeps a stream below `ceiling_dbtp`; what `process` and `flush` return is together as long as the input.

    The attenuation that a peak needs is held from 5 ms before it, released by 30 dB/s and smoothed over those
    5 ms, so that it is complete when the peak arrives. All channels share it. The output lags behind the
    input by 4,096 frames and those 5 ms at most.
    """

    def __init__(self, sample_rate: int, channels: int, ceiling_dbtp: float = -1.0) -> None:
        look = max(HALF, round(sample_rate * LOOK_AHEAD_S))
        self._channels = channels
        self._ceiling = 10.0 ** (ceiling_dbtp / 20.0)
        self._delay = HALF + look
        self._release = np.arange(1 + _HOP) * (RELEASE_DB_PER_S / sample_rate)
        self._smoothing = np.hanning(look + 2)[1:-1] / np.hanning(look + 2).sum()
        self._waiting = Backlog(channels)
        self._frames = silence(self._delay, channels)  # heard and not yet returned
        self._needed: Decibels = np.zeros(HALF + look)  # by the last frames; their hold reaches into the next hop
        self._held: Decibels = np.zeros(look)

    def process(self, samples: Frames) -> Frames:
        """Take the next frames, (n, channels), and return those that are ready, possibly none."""
        self._waiting.append(samples)
        ready = []
        while len(self._waiting) >= _HOP:
            before_first = max(0, self._delay - self._waiting.start)
            ready.append(self._limit(self._waiting.take(self._waiting.start + _HOP))[before_first:])
        return np.concatenate(ready) if ready else silence(0, self._channels)

    def flush(self) -> Frames:
        """Return the rest; the stream ends here."""
        rest = len(self._waiting) + min(self._delay, self._waiting.start)
        return self.process(silence(self._delay + _HOP, self._channels))[:rest]

    def _limit(self, hop: Frames) -> Frames:
        """Take a hop and return as many frames, those that lie `self._delay` before it."""
        frames = np.concatenate([self._frames, hop])
        self._frames = frames[_HOP:]
        attenuation = self._attenuation(interval_peaks(frames[-_HOP - 2 * HALF :], self._ceiling))
        if not attenuation.any():
            return frames[:_HOP]
        return frames[:_HOP] * (10.0 ** (attenuation / -20.0)).astype(np.float32)[:, None]

    def _attenuation(self, peaks: NDArray[np.float32]) -> Decibels:
        """Attenuation of the hop that is due, from the linear `peaks` of the one that was just heard."""
        over = peaks > self._ceiling
        fresh = np.where(over, 20.0 * np.log10(np.where(over, peaks, 1.0) / self._ceiling) + _MARGIN_DB, 0.0)
        needed = np.concatenate([self._needed, fresh])
        self._needed = needed[_HOP:]
        if not (needed.any() or self._held.any()):
            return fresh
        ahead = _sliding_max(needed, len(self._needed) + 1)
        held = np.maximum.accumulate(np.append(self._held[-1], ahead) + self._release) - self._release
        recent = np.concatenate([self._held[1:], held[1:]])
        self._held = recent[-len(self._held) :]
        return np.convolve(recent, self._smoothing, "valid")


def _sliding_max(values: Decibels, width: int) -> Decibels:
    """Maximum of each window of `width` values, by doubling the windows' width."""
    reach = 1
    while reach < width:
        step = min(reach, width - reach)
        values = np.maximum(values[:-step], values[step:])
        reach += step
    return values
