"""Signals to listen to: made from a seed, so that every run hears the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
import pytest

from musicmed_desktop.audio.frames import Frames


@pytest.fixture(scope="session")
def noise() -> Callable[..., Frames]:
    """Noise with the falling spectrum of music; `rms` linear, (seconds * rate, channels), not to be written to."""

    @cache
    def make(seconds: float, rate: int = 44_100, channels: int = 2, rms: float = 0.1, seed: int = 0) -> Frames:
        count = round(seconds * rate)
        spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal((count, channels)), axis=0)
        spectrum /= (1.0 + (np.fft.rfftfreq(count, 1.0 / rate) / 200.0) ** 1.2)[:, None]
        samples = np.fft.irfft(spectrum, count, axis=0)
        scaled: Frames = (samples * rms / samples.std()).astype(np.float32)
        scaled.setflags(write=False)
        return scaled

    return make


@pytest.fixture(scope="session")
def cut() -> Callable[[Frames, int], Iterator[Frames]]:
    """Cuts frames into pieces of random length, from none to half a second."""

    def pieces(samples: Frames, seed: int) -> Iterator[Frames]:
        rng = np.random.default_rng(seed)
        begin = 0
        while begin < len(samples):
            size = int(rng.choice([0, 1, 63, 441, 4_096, 22_050]))
            yield samples[begin : begin + size]
            begin += size

    return pieces
