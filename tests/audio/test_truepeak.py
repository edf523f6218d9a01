"""The true-peak meter against known waves, the standard's own filter and soxr's oversampling."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import soxr

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.truepeak import BLOCK, HALF, TruePeakMeter, interval_peaks, true_peak_dbtp

Noise = Callable[..., Frames]
Cut = Callable[[Frames, int], Iterator[Frames]]

RATE = 44_100


def sine(per_sample: float, phase_degrees: float, amplitude: float = 1.0) -> Frames:
    angle = 2 * np.pi * per_sample * np.arange(RATE) + np.radians(phase_degrees)
    faded = np.minimum(1.0, np.minimum(np.arange(RATE), np.arange(RATE)[::-1]) / 4_000)
    return np.asarray(amplitude * faded * np.sin(angle), np.float32)[:, None]


def band_limited(seed: int, channels: int = 2) -> Frames:
    """Noise below 0.44 of the sample rate, where every oversampler agrees."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal((2 * RATE, channels)), axis=0)
    spectrum[round(0.88 * len(spectrum)) :] = 0.0
    return np.asarray(0.3 * np.fft.irfft(spectrum, axis=0), np.float32)


def test_peak_between_the_samples_of_a_quarter_rate_sine() -> None:
    wave = sine(0.25, 45.0)
    assert 20.0 * np.log10(np.abs(wave).max()) == pytest.approx(-3.01, abs=0.01)
    assert true_peak_dbtp(wave) == pytest.approx(0.0, abs=0.03)


@pytest.mark.parametrize("per_sample", [0.001, 0.05, 1 / 6, 0.21, 0.3, 0.38, 0.44])
@pytest.mark.parametrize("phase", [0.0, 33.0, 60.0])
def test_sines_of_any_frequency_and_phase(per_sample: float, phase: float) -> None:
    assert true_peak_dbtp(sine(per_sample, phase, amplitude=0.5)) == pytest.approx(-6.02, abs=0.05)


@pytest.mark.parametrize("seed", range(4))
def test_agrees_with_soxr(seed: int) -> None:
    signal = band_limited(seed)
    oversampled = soxr.resample(signal, RATE, 8 * RATE, quality="VHQ")
    assert true_peak_dbtp(signal) == pytest.approx(20.0 * np.log10(np.abs(oversampled).max()), abs=0.05)


def test_the_screen_hides_nothing() -> None:
    signal = band_limited(7, channels=1)
    signal[::50] *= 2.0
    part = signal[: 40 * BLOCK + 2 * HALF]
    everything = interval_peaks(part, floor=0.0)
    for floor in np.linspace(0.1, 1.0, 10):
        screened = interval_peaks(part, floor)
        np.testing.assert_array_equal(screened > floor, everything > floor)
        np.testing.assert_allclose(screened[screened > floor], everything[everything > floor], rtol=1e-5)


def test_a_peak_at_either_edge_is_seen() -> None:
    for place in (0, 1, -2, -1):
        click = np.zeros((1_000, 2), np.float32)
        click[place, 1] = -0.7
        assert true_peak_dbtp(click) == pytest.approx(20.0 * np.log10(0.7), abs=0.02)


def test_chunks_of_any_size_give_the_same_reading(cut: Cut) -> None:
    signal = band_limited(9)
    meter = TruePeakMeter(2)
    for piece in cut(signal, 1):
        meter.add(piece)
        meter.dbtp()  # must not disturb what follows
    assert meter.dbtp() == pytest.approx(true_peak_dbtp(signal), abs=1e-4)


@pytest.mark.parametrize("count", [0, 1, 5_000])
def test_silence_has_no_peak(count: int) -> None:
    assert true_peak_dbtp(np.zeros((count, 2), np.float32)) == -np.inf
