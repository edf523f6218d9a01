"""Someone who listens to a session: what a player plays, without a sound card."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from musicmed_desktop.audio.fades import fade_out
from musicmed_desktop.engines.base import Frames
from musicmed_desktop.session.events import ChunkReady
from musicmed_desktop.session.listening import FADE_OUT_S

RING_S = 0.7  # on its way to the ears: no longer to be changed


class Listener:
    """Moves on by what `passed` says, seconds, whenever it is asked how far it is; never beyond what was given.

    What has been in its ring cannot be replaced: a chunk that would is an error, and so is one behind a gap.
    """

    def __init__(self, passed: Callable[[], float], sample_rate: int = 8000, channels: int = 2) -> None:
        self.position_s = 0.0
        self.committed = 0
        self.most_ahead = 0
        self.chunks: list[ChunkReady] = []
        self._passed = passed
        self._rate = sample_rate
        self._given: Frames = np.zeros((0, channels), np.float32)
        self._fading_to: int | None = None

    @property
    def given_s(self) -> float:
        return len(self._given) / self._rate

    def committed_s(self) -> float:
        passed = self._passed()
        end_s = self.given_s if self._fading_to is None else self._fading_to / self._rate
        self.position_s = min(self.position_s + passed, end_s)
        ring = round((self.position_s + RING_S) * self._rate)
        self.committed = max(self.committed, min(ring, len(self._given)))
        return self.position_s + RING_S

    def take(self, chunk: ChunkReady) -> None:
        at = round(chunk.start_s * self._rate)
        assert abs(at - chunk.start_s * self._rate) < 1e-3
        assert self.committed <= at <= len(self._given)
        self.chunks.append(chunk)
        self._given = np.concatenate([self._given[:at], chunk.frames])
        self.most_ahead = max(self.most_ahead, len(self._given) - self.committed)

    def fade(self) -> float:
        """Fade out from here on; returns where silence is reached, seconds."""
        self._fading_to = min(round((self.position_s + FADE_OUT_S) * self._rate), len(self._given))
        return self._fading_to / self._rate

    @property
    def heard(self) -> Frames:
        """All that sounded, once the session is over."""
        if self._fading_to is None:
            return self._given
        sound = self._given[: self._fading_to].copy()
        fading = min(len(sound), round(FADE_OUT_S * self._rate))
        sound[len(sound) - fading :] *= fade_out(fading)
        return sound
