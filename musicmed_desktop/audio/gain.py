"""What brings a clip to its loudness: a constant gain where its loudness is known, else one that listens."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from musicmed_desktop.audio.frames import Backlog, Frames, silence
from musicmed_desktop.audio.loudness import LoudnessMeter

STEP_S = 0.4  # as long as the meter's windows, so that nothing is measured twice
LISTEN_S = 2.0  # heard before the gain of the first step is set, and before that of every later one
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
        self._nothing = silence(0, channels)

    def feed(self, samples: Frames) -> Frames:
        return samples * np.float32(10.0 ** (self.db / 20.0))

    def flush(self) -> Frames:
        return self._nothing


class ListeningGain:
    """For a clip that is heard for the first time; returns each step of it when LISTEN_S from there were heard.

    It begins with the loudness of those first seconds, then follows the gated loudness of all that was heard,
    by at most SLEW_DB_PER_S. While all is silence it keeps `start_db`.
    """

    def __init__(self, sample_rate: int, channels: int, target_lufs: float, start_db: float) -> None:
        self.db = start_db
        self._target = target_lufs
        self._step = round(sample_rate * STEP_S)
        self._listen = round(sample_rate * LISTEN_S)
        self._meter = LoudnessMeter(sample_rate, channels)
        self._raw = Backlog(channels)
        self._heard = 0
        self._nothing = silence(0, channels)

    def feed(self, samples: Frames) -> Frames:
        self._raw.append(samples)
        ready = [self._nothing]
        while len(self._raw) >= self._listen:
            ready.append(self._level())
        return np.concatenate(ready)

    def flush(self) -> Frames:
        ready = [self._nothing]
        while len(self._raw):
            ready.append(self._level())
        return np.concatenate(ready)

    def _level(self) -> Frames:
        """Listen ahead, then take the next step under a gain that slides to its new value."""
        first = self._heard == 0
        ahead = self._raw.view(self._heard, self._raw.start + self._listen)
        self._meter.add(ahead)
        self._heard += len(ahead)
        wanted = self._wanted_db()
        most = SLEW_DB_PER_S * STEP_S
        before = wanted if first else self.db
        self.db = before + min(most, max(-most, wanted - before))
        samples = self._raw.take(self._raw.start + self._step)
        slide = np.linspace(before, self.db, len(samples), endpoint=False)[:, None]
        return samples * (10.0 ** (slide / 20.0)).astype(np.float32)

    def _wanted_db(self) -> float:
        heard = self._meter.integrated()
        return bounded(self._target - heard) if np.isfinite(heard) else self.db


def bounded(db: float) -> float:
    """`db` within MOST_DB of none at all; 0 for a clip without loudness, whose gain would be endless."""
    return min(MOST_DB, max(-MOST_DB, db)) if np.isfinite(db) else 0.0
