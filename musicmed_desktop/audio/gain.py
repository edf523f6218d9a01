"""What brings a clip to its loudness: its own gain where its loudness is known, else one that listens."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from musicmed_desktop.audio.frames import Backlog, Frames, silence
from musicmed_desktop.audio.loudness import LoudnessMeter

STEP_S = 0.4  # as long as the meter's windows, so that nothing is measured twice
LISTEN_S = 2.0  # heard before the gain of the first step is set, and before that of every later one
SLEW_DB_PER_S = 1.0
MOST_DB = 24.0  # of gain either way
SLIDE_S = 8.0  # from the gain of a join to the clip's own
JOIN_MOST_DB = 6.0  # as much as a clip's gain at a join may differ from its own


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


class JoiningGain:
    """For a clip of known loudness that lies over another's tail: it begins as loud as the tail, and slides to its own
    gain, so that a clip that falls away is not followed by one that starts anew."""

    def __init__(self, sample_rate: int, tail: Frames, target_lufs: float, known_lufs: float) -> None:
        self.db = self._own = bounded(target_lufs - known_lufs)
        self._tail_db = _level_db(tail)
        self._overlap = len(tail)
        self._slide = round(sample_rate * SLIDE_S)
        self._raw = Backlog(tail.shape[1])
        self._begun = False

    def feed(self, samples: Frames) -> Frames:
        self._raw.append(samples)
        if not self._begun and len(self._raw) < self._overlap:
            return silence(0, samples.shape[1])
        return self.flush()

    def flush(self) -> Frames:
        if not self._begun:
            self._begun = True
            entering = _level_db(self._raw.view(0, self._overlap))
            lean = self._tail_db - entering - self._own
            self._lean = min(JOIN_MOST_DB, max(-JOIN_MOST_DB, lean)) if np.isfinite(lean) else 0.0
        place = np.arange(self._raw.start, self._raw.end)[:, None] - self._overlap
        gain_db = self._own + self._lean * np.clip(1.0 - place / self._slide, 0.0, 1.0)
        self.db = float(gain_db[-1, 0]) if len(gain_db) else self.db
        return self._raw.take(self._raw.end) * (10.0 ** (gain_db / 20.0)).astype(np.float32)


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


def _level_db(samples: Frames) -> float:
    """Root mean square, dB; -inf for silence or nothing."""
    power = float(np.vdot(samples, samples)) / max(1, samples.size)
    return 10.0 * np.log10(power) if power > 1e-10 else -np.inf


def bounded(db: float) -> float:
    """`db` within MOST_DB of none at all; 0 for a clip without loudness, whose gain would be endless."""
    return min(MOST_DB, max(-MOST_DB, db)) if np.isfinite(db) else 0.0
