"""What a listener could hear at the joins of a session: clicks, and jumps of loudness."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.loudness import LoudnessMeter

JOIN_S = 2.0  # a join lies within this of where the next step begins
_AROUND_S = 15.0  # the music to either side that a join is compared with


def steps_beyond(sound: Frames, sample_rate: int, joins_s: Sequence[float]) -> int:
    """How many joins hold a larger step from sample to sample than 99.99 % of the music around them.

    The music around: 15 s to either side. A join is the 4 ms around the frame from which the next clip sounds.
    """
    around, half = round(_AROUND_S * sample_rate), sample_rate // 500
    worse = 0
    for join in joins_s:
        here = round(join * sample_rate)
        first = max(0, here - around)
        steps = np.abs(np.diff(sound[first : here + around + 1], axis=0)).max(axis=1)
        near = steps[max(0, here - half) - first : here + half - first]
        worse += bool(near.max() > np.quantile(steps, 0.9999))
    return worse


def short_term_jumps(sound: Frames, sample_rate: int, joins_s: Sequence[float]) -> NDArray[np.float64]:
    """For each join the change of short-term loudness (3 s) from before to after it, LU."""
    meter = LoudnessMeter(sample_rate, sound.shape[1])
    meter.add(sound)
    short = meter.short_term()  # the value i covers 3 s from 0.1 i s on
    jumps = []
    for join in joins_s:
        before, after = round((join - 3.0) * 10), round((join + JOIN_S) * 10)
        if before >= 0 and after < len(short):
            jumps.append(abs(short[after] - short[before]))
    return np.array(jumps)
