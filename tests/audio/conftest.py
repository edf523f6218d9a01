"""Signals to listen to, made from a seed so that every run hears the same; and a sound server to play on."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from musicmed_desktop.audio.devices import output_devices
from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.errors import UserError
from tests.audio.pulse import PulseServer, missing


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


@pytest.fixture
def pulse(monkeypatch: pytest.MonkeyPatch) -> Iterator[PulseServer]:
    """A sound server that is the default of this process."""
    if absent := missing():
        pytest.skip(f"needs {', '.join(absent)} (Debian: libportaudio2 libasound2-plugins pulseaudio pulseaudio-utils)")
    with tempfile.TemporaryDirectory(prefix="pulse") as folder:  # tmp_path may be too long for a socket's name
        server = PulseServer(Path(folder))
        with monkeypatch.context() as patch:
            for name, value in server.environment.items():
                patch.setenv(name, value)
            server.start()
            yield server
            server.kill()
        with suppress(UserError):
            output_devices()  # PortAudio forgets the server
