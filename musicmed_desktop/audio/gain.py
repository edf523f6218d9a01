"""What brings a clip to its loudness: a constant gain where its loudness is known, else one that listens."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from musicmed_desktop.audio.frames import Backlog, Frames, silence
from musicmed_desktop.audio.loudness import BLOCK_S, LoudnessMeter

LISTEN_S = 2.0  # heard before the first gain is set, and ahead of every later one
SLEW_DB_PER_S = 1.0
MOST_DB = 24.0  # of gain either way


class Gain(Protocol):
    @property
    def db(self) -> float:
        """The gain now, dB."""
        ...

    def feed(self, samples: Frames) -> Frames:
        """Levelled frames that are ready, possibly none."""
        ...

    def flush(self) -> Frames:
        """The rest of the clip, levelled."""
        ...


class FixedGain:
    """For a clip of known loudness, in LUFS."""

    def __init__(self, channels: int, target_lufs: float, known_lufs: float) -> None:
        self.db = bounded(target_lufs - known_lufs)
        self._rest = silence(0, channels)

    def feed(self, samples: Frames) -> Frames:
        return samples * np.float32(10.0 ** (self.db / 20.0))

    def flush(self) -> Frames:
        return self._rest


class ListeningGain:
    """For a clip that is heard for the first time, LISTEN_S ahead of what it returns.

    It begins with the loudness of those first seconds, then follows the gated loudness of all that was heard,
    by at most SLEW_DB_PER_S. While all is silence it keeps `start_db`.
    """

    def __init__(self, sample_rate: int, channels: int, target_lufs: float, start_db: float) -> None:
        self.db = start_db
        self._target = target_lufs
        self._hop = round(sample_rate * BLOCK_S)
        self._ahead = round(sample_rate * LISTEN_S)
        self._meter = LoudnessMeter(sample_rate, channels)
        self._raw = Backlog(channels)
        self._heard = 0

    def feed(self, samples: Frames) -> Frames:
        self._raw.append(samples)
        ready = [self._raw.view(0, 0)]
        while len(self._raw) >= self._hop + self._ahead:
            ready.append(self._level(self._raw.start + self._hop))
        return np.concatenate(ready)

    def flush(self) -> Frames:
        ready = [self._raw.view(0, 0)]
        while len(self._raw):
            ready.append(self._level(min(self._raw.end, self._raw.start + self._hop)))
        return np.concatenate(ready)

    def _level(self, until: int) -> Frames:
        """Listen ahead, then take the frames before `until` under a gain that slides to its next value."""
        first = self._heard == 0
        listened = min(self._raw.end, until + self._ahead)
        self._meter.add(self._raw.view(self._heard, listened))
        self._heard = listened
        wanted = self._wanted_db()
        most = SLEW_DB_PER_S * BLOCK_S
        before = wanted if first else self.db
        self.db = before + min(most, max(-most, wanted - before))
        samples = self._raw.take(until)
        slide = np.linspace(before, self.db, len(samples), endpoint=False)[:, None]
        return samples * (10.0 ** (slide / 20.0)).astype(np.float32)

    def _wanted_db(self) -> float:
        heard = self._meter.integrated()
        return bounded(self._target - heard) if np.isfinite(heard) else self.db


def bounded(db: float) -> float:
    """`db` within MOST_DB of none at all; 0 for a clip without loudness, whose gain would be endless."""
    return min(MOST_DB, max(-MOST_DB, db)) if np.isfinite(db) else 0.0
