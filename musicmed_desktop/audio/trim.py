"""Near-silence at the edges of a clip."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.audio.frames import Frames, silence

SILENCE = 10.0 ** (-60.0 / 20.0)  # magnitude below which nothing is heard: -60 dBFS
MOST_S = 1.0  # of leading near-silence that is removed
REST_S = 0.2  # a silence as short as this is a rest and belongs to the music
ATTACK_S = 0.005  # kept before the first audible frame
_LOOK_BACK = 4096  # frames


class LeadTrimmer:
    """Drops a clip's leading near-silence but for its last `keep_s`; at most MOST_S, and not a mere rest."""

    def __init__(self, sample_rate: int, channels: int, keep_s: float = ATTACK_S) -> None:
        self.removed = 0  # frames
        self._most = round(sample_rate * MOST_S)
        self._rest = round(sample_rate * REST_S)
        self._keep = round(sample_rate * min(keep_s, MOST_S))
        self._held = silence(0, channels)
        self._begun = False

    def feed(self, samples: Frames) -> Frames:
        """The frames that belong to the music, possibly none yet."""
        if self._begun:
            return samples
        self._held = np.concatenate([self._held, samples])
        heard = np.flatnonzero(_audible(self._held[: self._most]))
        if not len(heard) and len(self._held) < self._most:
            return self._held[:0]
        lead = int(heard[0]) if len(heard) else self._most
        self.removed = max(0, lead - self._keep) if lead > self._rest else 0
        return self.flush()[self.removed :]

    def flush(self) -> Frames:
        """What is still held, of a clip that never became audible."""
        self._begun = True
        held, self._held = self._held, self._held[:0]
        return held


def sound_end(samples: Frames) -> int:
    """The number of frames up to the last audible one; 0 if all are near-silent."""
    for end in range(len(samples), 0, -_LOOK_BACK):
        begin = max(0, end - _LOOK_BACK)
        heard = np.flatnonzero(_audible(samples[begin:end]))
        if len(heard):
            return begin + int(heard[-1]) + 1
    return 0


def _audible(samples: Frames) -> NDArray[np.bool_]:
    return np.asarray((np.abs(samples) > SILENCE).any(axis=1))
