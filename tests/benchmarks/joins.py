"""What a listener could hear at the joins of a session: clicks, dips, silence."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.audio.loudness import LoudnessMeter
from musicmed_desktop.engines.base import Frames

AROUND_S = 2.0  # a join lies within this of where the next step begins


def steps_beyond(sound: Frames, sample_rate: int, joins_s: list[float]) -> int:
    """How many joins hold a larger step from sample to sample than 99.99 % of the music around them.

    The music around: 15 s to either side. A join is the 4 ms around the frame from which the next clip sounds.
    """
    steps = np.abs(np.diff(sound, axis=0)).max(axis=1)
    worse = 0
    for join in joins_s:
        here = round(join * sample_rate)
        near = steps[max(0, here - sample_rate // 500) : here + sample_rate // 500]
        around = steps[max(0, here - 15 * sample_rate) : here + 15 * sample_rate]
        worse += bool(near.max() > np.quantile(around, 0.9999))
    return worse


def short_term_jumps(sound: Frames, sample_rate: int, joins_s: list[float]) -> NDArray[np.float64]:
    """For each join the change of short-term loudness (3 s) from before to after it, LU."""
    meter = LoudnessMeter(sample_rate, sound.shape[1])
    meter.add(sound)
    short = meter.short_term()  # the value i covers 3 s from 0.1 i s on
    jumps = []
    for join in joins_s:
        before, after = round((join - 3.0) * 10), round((join + AROUND_S) * 10)
        if before >= 0 and after < len(short):
            jumps.append(abs(short[after] - short[before]))
    return np.array(jumps)


def longest_silence_s(sound: Frames, sample_rate: int, floor_db: float = -60.0) -> float:
    """The longest time below `floor_db` (RMS of 50 ms), but for the last 4 s, in which a session fades out."""
    block = sample_rate // 20
    n = (len(sound) - 4 * sample_rate) // block
    rms = np.sqrt(np.square(sound[: n * block]).reshape(n, -1).mean(axis=1))
    longest = run = 0
    for quiet in rms < 10.0 ** (floor_db / 20.0):
        run = run + 1 if quiet else 0
        longest = max(longest, run)
    return longest / 20.0
