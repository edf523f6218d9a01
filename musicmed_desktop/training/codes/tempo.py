"""How fast music is (librosa; McFee et al. 2015)."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median_low
from typing import Any

import numpy as np
from numpy.typing import NDArray

_HOP_S = 0.008  # librosa chooses among lags of whole hops: with coarser ones 150 beats per minute become 75
_SHORTEST_S = 4.0
_LONGEST_S = 8.0  # lag of the autocorrelation, as in librosa's tempogram
_FASTEST, _SLOWEST = 240, 40  # beats per minute
_LEAST_RISE_DB = 1.0  # of the mean level of the bands; steady tones stay below 0.4, drums and plucked strings reach 10
_LEAST_PULSE = 0.15  # autocorrelation of the rises at the lag of a beat; that of noise stays below 0.07


def beats_per_minute(samples: NDArray[np.float32], sample_rate: int) -> float | None:
    """The tempo of music in mono, [n]; None where there is no beat, as in a drone, or below 4 seconds."""
    if len(samples) < _SHORTEST_S * sample_rate:
        return None
    from librosa import autocorrelate
    from librosa.feature import tempo
    from librosa.onset import onset_strength

    hop = round(_HOP_S * sample_rate)
    rises: Any = onset_strength(y=samples, sr=sample_rate, hop_length=hop, n_fft=4 * hop)
    if rises.max() < _LEAST_RISE_DB:
        return None
    pulse: Any = autocorrelate(rises - rises.mean(), max_size=round(_LONGEST_S * sample_rate / hop))
    pulse = np.maximum(pulse / pulse[0], 0.0)
    fastest, slowest = (round(60 * sample_rate / hop / beats) for beats in (_FASTEST, _SLOWEST))
    if pulse[fastest : slowest + 1].max() < _LEAST_PULSE:
        return None
    return float(tempo(tg=pulse[:, np.newaxis], sr=sample_rate, hop_length=hop)[0])


def tempo_of(windows: Iterable[NDArray[np.float32]], sample_rate: int) -> float | None:
    """The median tempo of a track's windows; None where none of them has a beat."""
    found = [tempo for window in windows if (tempo := beats_per_minute(window, sample_rate)) is not None]
    return median_low(found) if found else None  # never the mean of two, which may be one and its double
