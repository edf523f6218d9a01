from __future__ import annotations

import numpy as np
import pytest

from musicmed_desktop.audio.converter import Converter
from musicmed_desktop.audio.frames import Frames


def tone(rate: int, seconds: float) -> Frames:
    """A sweep from 100 Hz to 1 kHz that is the same in time at every rate."""
    t = np.arange(round(rate * seconds)) / rate
    wave = np.sin(2 * np.pi * (100.0 * t + 450.0 * t**2 / seconds)) * np.hanning(len(t))
    return np.repeat(wave.astype(np.float32)[:, None], 2, axis=1)


def convert(converter: Converter, frames: Frames, size: int) -> Frames:
    pieces = [converter.convert(frames[at : at + size]) for at in range(0, len(frames), size)]
    return np.concatenate([*pieces, converter.convert(frames[:0], last=True)])


@pytest.mark.parametrize("to_rate", [44_100, 48_000, 96_000])
def test_time_is_kept_to_the_sample(to_rate: int) -> None:
    converted = convert(Converter(32_000, to_rate, 2), tone(32_000, 2.0), 700)
    assert len(converted) == 2 * to_rate
    np.testing.assert_allclose(converted, tone(to_rate, 2.0), atol=1e-3)


def test_a_second_stream_begins_without_the_first() -> None:
    converter, frames = Converter(32_000, 48_000, 2), tone(32_000, 0.5)
    first = convert(converter, frames, 999)
    np.testing.assert_array_equal(convert(converter, frames, 999), first)


def test_the_same_rate_keeps_every_bit() -> None:
    frames = np.random.default_rng(1).standard_normal((500, 2)).astype(np.float32)
    np.testing.assert_array_equal(convert(Converter(44_100, 44_100, 2), frames, 64), frames)


def test_mono_and_stereo() -> None:
    mono = np.array([[0.5], [1.0]], np.float32)
    stereo = np.array([[0.25, 0.75], [1.0, 0.0]], np.float32)
    np.testing.assert_array_equal(Converter(8000, 8000, 2).convert(mono), [[0.5, 0.5], [1.0, 1.0]])
    np.testing.assert_array_equal(Converter(8000, 8000, 1).convert(stereo), [[0.5], [0.5]])
    with pytest.raises(ValueError, match="2 channels cannot become 3"):
        Converter(8000, 8000, 3).convert(stereo)
