"""How the sound of a new plan takes over from the one that leaves."""

from __future__ import annotations

import numpy as np

from musicmed_desktop.audio.fades import constant_power
from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.join import correlation
from musicmed_desktop.audio.limiter import TruePeakLimiter

CROSSFADE_S = 2.0
LET_GO_S = 0.5  # behind the crossfade, the limiter has let go: at 30 dB/s it needs 0.2 s
SEEN_AHEAD_S = 0.1  # by the limiter, and more
ARRIVING_LEAST_S = CROSSFADE_S + LET_GO_S + SEEN_AHEAD_S


def spliced(leaving: Frames, arriving: Frames, sample_rate: int) -> Frames:
    """`arriving`, with all of `leaving` crossfaded into its start at constant power, at most -1 dBTP.

    Both are (n, channels). `arriving` is longer by LET_GO_S and SEEN_AHEAD_S at least, and left as it is from
    LET_GO_S behind the crossfade on.
    """
    count = len(leaving)
    settled = count + round(LET_GO_S * sample_rate)
    least = settled + round(SEEN_AHEAD_S * sample_rate)
    leaves, enters = constant_power(count, correlation(leaving, arriving[:count]))
    mixed = np.concatenate([leaving * leaves + arriving[:count] * enters, arriving[count:least]])
    limiter = TruePeakLimiter(sample_rate, arriving.shape[1])
    limited = np.concatenate([limiter.process(mixed), limiter.flush()])
    return np.concatenate([limited[:settled], arriving[settled:]])
