"""What a listener could hear in a session beside its joins: silence."""

from __future__ import annotations

import numpy as np

from musicmed_desktop.engines.base import Frames


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
