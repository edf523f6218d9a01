"""The limiter under hostile material, judged by meters of other makers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.limiter import TruePeakLimiter
from musicmed_desktop.audio.truepeak import true_peak_dbtp

Noise = Callable[..., Frames]
Cut = Callable[[Frames, int], Iterator[Frames]]

RATE = 44_100
TIME = np.arange(3 * RATE) / RATE

# ITU-R BS.1770-4, Annex 2: the example interpolating filter, phases 0 and 1; 2 and 3 are their mirror images
_PHASES = (
    "0.0017089843750 0.0109863281250 -0.0196533203125 0.0332031250000 -0.0594482421875 0.1373291015625 "
    "0.9721679687500 -0.1022949218750 0.0476074218750 -0.0266113281250 0.0148925781250 -0.0083007812500",
    "-0.0291748046875 0.0292968750000 -0.0517578125000 0.0891113281250 -0.1665039062500 0.4650878906250 "
    "0.7797851562500 -0.2003173828125 0.1015625000000 -0.0582275390625 0.0330810546875 -0.0189208984375",
)


def standard_dbtp(samples: Frames) -> float:
    filters = [np.array(phase.split(), float) for phase in _PHASES]
    filters += [phase[::-1] for phase in filters]
    peaks = [np.abs(np.convolve(channel, phase)).max() for channel in samples.T for phase in filters]
    return float(20.0 * np.log10(max(peaks)))


def soxr_dbtp(samples: Frames) -> float:
    return float(20.0 * np.log10(np.abs(soxr.resample(samples, RATE, 8 * RATE, quality="VHQ")).max()))


def stereo(wave: np.ndarray) -> Frames:
    return np.stack([wave, 0.8 * wave[::-1]], axis=1).astype(np.float32)


def white() -> Frames:
    return stereo(np.random.default_rng(0).standard_normal(len(TIME)))


def noise_below_20_khz() -> Frames:
    spectrum = np.fft.rfft(white(), axis=0)
    spectrum[round(20_000 * len(TIME) / RATE) :] = 0.0
    return np.asarray(np.fft.irfft(spectrum, axis=0), np.float32)


def clicks() -> Frames:
    rng = np.random.default_rng(1)
    wave = np.zeros(len(TIME))
    wave[rng.integers(0, len(wave), 200)] = rng.uniform(-2.0, 2.0, 200)
    return stereo(wave)


def quarter_rate() -> Frames:
    return stereo(1.4 * np.sin(np.pi / 2 * np.arange(len(TIME)) + np.pi / 4))


def sweep() -> Frames:
    return stereo(1.5 * np.sin(2 * np.pi * (20.0 * TIME + 3_000.0 * TIME**2)))


def bass() -> Frames:
    return stereo(1.7 * np.sin(2 * np.pi * 50.0 * TIME))


def drums() -> Frames:
    struck = TIME % 0.25
    hiss = np.random.default_rng(2).standard_normal(len(TIME))
    return stereo(np.exp(-30.0 * struck) * (1.5 * np.sin(2 * np.pi * 60.0 * struck) + 0.3 * hiss))


def bursts() -> Frames:
    return white() * (np.floor(20.0 * TIME) % 2)[:, None].astype(np.float32)


def limit(samples: Frames, chunk: int = 10_000) -> Frames:
    limiter = TruePeakLimiter(RATE, samples.shape[1])
    pieces = [limiter.process(samples[begin : begin + chunk]) for begin in range(0, len(samples), chunk)]
    return np.concatenate([*pieces, limiter.flush()])


@pytest.mark.parametrize("signal", [white, noise_below_20_khz, clicks, quarter_rate, sweep, bass, drums, bursts])
def test_hostile_material_stays_below_the_ceiling(signal: Callable[[], Frames]) -> None:
    samples = signal()
    limited = limit(samples)
    assert limited.shape == samples.shape
    assert true_peak_dbtp(samples) > 0.0
    assert true_peak_dbtp(limited) < -0.95
    assert standard_dbtp(limited) < -0.95


@pytest.mark.parametrize("signal", [noise_below_20_khz, clicks, quarter_rate, sweep, bass])
def test_another_oversampler_finds_nothing_above_the_ceiling(signal: Callable[[], Frames]) -> None:
    assert soxr_dbtp(limit(signal())) < -0.95


def test_below_the_ceiling_not_a_bit_changes(noise: Noise) -> None:
    music = noise(4.0)
    music = music * np.float32(10.0 ** ((-1.05 - true_peak_dbtp(music)) / 20.0))
    np.testing.assert_array_equal(limit(music), music)


def test_only_the_neighbourhood_of_a_peak_changes(noise: Noise) -> None:
    music = noise(4.0, rms=0.05)
    loud = music.copy()
    loud[RATE : RATE + 20] = 1.5
    limited = limit(loud)
    changed = np.flatnonzero((limited != loud).any(axis=1))
    assert changed[0] > RATE - 0.007 * RATE
    assert changed[-1] < RATE + 0.3 * RATE
    np.testing.assert_array_equal(np.sign(limited), np.sign(loud))


def test_all_channels_are_turned_down_together() -> None:
    samples = np.stack([np.sin(TIME), 1.6 * np.sin(2_000.0 * TIME)], axis=1).astype(np.float32)
    limited = limit(samples)
    quiet = np.abs(samples) > 0.01
    gain = limited[quiet.all(axis=1)] / samples[quiet.all(axis=1)]
    np.testing.assert_allclose(gain[:, 0], gain[:, 1], rtol=1e-5)


def test_the_gain_moves_without_a_jump() -> None:
    samples = np.full((RATE, 1), 0.5, np.float32)
    samples[20_000:20_010] = 3.0
    limited = limit(samples)
    gain = limited[:, 0] / samples[:, 0]
    assert gain.min() < 0.3
    assert np.abs(np.diff(gain)).max() < 0.02


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1_000), gain=st.sampled_from([0.5, 3.0, 8.0]))
def test_chunking_does_not_change_a_sample(noise: Noise, cut: Cut, seed: int, gain: float) -> None:
    samples = noise(1.0, seed=seed % 7) * np.float32(gain)
    limiter = TruePeakLimiter(RATE, 2)
    pieces = [limiter.process(piece) for piece in cut(samples, seed)]
    np.testing.assert_array_equal(np.concatenate([*pieces, limiter.flush()]), limit(samples))


@pytest.mark.parametrize("count", [0, 1, 100, 4_096, 4_340, 9_999])
def test_the_output_is_as_long_as_the_input(count: int) -> None:
    samples = np.full((count, 2), 0.25, np.float32)
    np.testing.assert_array_equal(limit(samples), samples)


def test_another_ceiling() -> None:
    limiter = TruePeakLimiter(RATE, 2, ceiling_dbtp=-6.0)
    limited = np.concatenate([limiter.process(sweep()), limiter.flush()])
    assert -7.0 < true_peak_dbtp(limited) < -5.95
