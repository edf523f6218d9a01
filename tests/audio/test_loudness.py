"""The loudness meter against the standard's calibration tone, EBU's test signals and pyloudnorm."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator

import numpy as np
import pyloudnorm
import pytest

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.loudness import LoudnessMeter, k_weighting, loudness

Noise = Callable[..., Frames]
Cut = Callable[[Frames, int], Iterator[Frames]]


def sine(hertz: float, seconds: float, rate: int, dbfs: float = 0.0, channels: int = 1) -> Frames:
    wave = 10.0 ** (dbfs / 20.0) * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    return np.repeat(wave.astype(np.float32)[:, None], channels, axis=1)


@pytest.mark.parametrize("rate", [32_000, 44_100, 48_000, 96_000])
def test_the_standards_calibration_tone(rate: int) -> None:
    assert loudness(sine(997.0, 5.0, rate), rate) == pytest.approx(-3.01, abs=0.01)
    assert loudness(sine(997.0, 5.0, rate, channels=2), rate) == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize(
    "levels",
    [
        [(-23.0, 20.0)],
        [(-33.0, 20.0), (-33.0, 2.0)],
        [(-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0)],
        [(-72.0, 10.0), (-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0), (-72.0, 10.0)],
    ],
)
def test_ebu_tech_3341_integrated(levels: list[tuple[float, float]]) -> None:
    rate = 48_000
    signal = np.concatenate([sine(1_000.0, seconds, rate, dbfs, channels=2) for dbfs, seconds in levels])
    assert loudness(signal, rate) == pytest.approx(max(dbfs for dbfs, _ in levels), abs=0.1)


@pytest.mark.parametrize("rate", [32_000, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_agrees_with_pyloudnorm_on_music_with_quiet_passages(noise: Noise, rate: int, channels: int) -> None:
    music = noise(16.0, rate, channels) * np.repeat([1.0, 0.3, 0.01, 0.8], 4 * rate)[:, None]
    music *= np.exp(-((np.arange(len(music)) / rate) % 0.5) * 6.0)[:, None]
    music = music.astype(np.float32)
    assert loudness(music, rate) == pytest.approx(pyloudnorm.Meter(rate).integrated_loudness(music), abs=0.1)


@pytest.mark.parametrize("rate", [32_000, 44_100, 48_000])
def test_agrees_with_pyloudnorm_on_white_noise(rate: int) -> None:
    white = (0.1 * np.random.default_rng(3).standard_normal((8 * rate, 2))).astype(np.float32)
    assert loudness(white, rate) == pytest.approx(pyloudnorm.Meter(rate).integrated_loudness(white), abs=0.1)


@pytest.mark.parametrize("hertz", [27.5, 55.0, 110.0, 261.63, 997.0, 1_700.0, 4_000.0, 12_000.0])
def test_agrees_with_pyloudnorm_on_sines(hertz: float) -> None:
    tone = sine(hertz, 6.0, 44_100, dbfs=-10.0)
    reference = pyloudnorm.Meter(44_100, filter_class="DeMan")  # fitted to the standard's own coefficients
    assert loudness(tone, 44_100) == pytest.approx(reference.integrated_loudness(tone), abs=0.1)


def test_k_weighting_lifts_treble_and_removes_rumble() -> None:
    rumble, middle, treble = 20.0 * np.log10(np.abs(k_weighting(np.array([20.0, 1_000.0, 10_000.0]))))
    assert rumble < -13.0
    assert middle == pytest.approx(0.7, abs=0.05)
    assert treble == pytest.approx(4.0, abs=0.1)


def test_short_term_follows_the_level_of_each_three_seconds() -> None:
    rate = 44_100
    signal = np.concatenate([sine(997.0, 6.0, rate, dbfs) for dbfs in (-10.0, -30.0)])
    meter = LoudnessMeter(rate, 1)
    meter.add(signal)
    short_term = meter.short_term()
    assert len(short_term) == 120 - 29
    assert short_term[:30] == pytest.approx(-13.01, abs=0.05)
    assert short_term[-30:] == pytest.approx(-33.01, abs=0.05)


def test_chunks_of_any_size_give_the_same_reading(noise: Noise, cut: Cut) -> None:
    music = noise(7.3)
    meter = LoudnessMeter(44_100, 2)
    for piece in cut(music, 5):
        meter.add(piece)
    assert meter.integrated() == pytest.approx(loudness(music, 44_100), abs=1e-4)


def test_reading_does_not_disturb_the_meter(noise: Noise) -> None:
    music = noise(4.0)
    meter = LoudnessMeter(44_100, 2)
    for begin in range(0, len(music), 5_000):
        meter.add(music[begin : begin + 5_000])
        meter.integrated()
    assert meter.integrated() == pytest.approx(loudness(music, 44_100), abs=1e-4)


@pytest.mark.parametrize("seconds", [0.0, 0.3, 5.0])
def test_silence_and_too_little_sound_have_no_loudness(seconds: float) -> None:
    assert loudness(np.zeros((round(seconds * 44_100), 2), np.float32), 44_100) == -np.inf


def test_memory_stays_small(noise: Noise) -> None:
    minute = noise(60.0)
    meter = LoudnessMeter(44_100, 2)
    tracemalloc.start()
    for _ in range(5):
        meter.add(minute)
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 4e6
    assert peak < 60e6
