from __future__ import annotations

import numpy as np
import pytest

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.truepeak import true_peak_dbtp
from musicmed_desktop.session.splice import ARRIVING_LEAST_S, CROSSFADE_S, LET_GO_S, spliced

RATE = 44_100


def noise(seconds: float, seed: int, level: float = 0.25) -> Frames:
    """Noise at most -1 dBTP, as the master leaves it."""
    return (level * np.random.default_rng(seed).uniform(-1, 1, (round(seconds * RATE), 2))).astype(np.float32)


def rms(sound: Frames) -> float:
    return float(np.sqrt(np.mean(np.square(sound))))


def test_one_leaves_the_other_arrives_and_the_level_stays() -> None:
    leaving, arriving = noise(CROSSFADE_S, 1), noise(ARRIVING_LEAST_S + 2, 2)
    sound = spliced(leaving, arriving, RATE)
    assert sound.shape == arriving.shape
    assert sound.dtype == np.float32
    faded = round(CROSSFADE_S * RATE)
    assert np.abs(sound[:10] - leaving[:10]).max() < 1e-3
    assert np.array_equal(sound[faded:], arriving[faded:])
    levels = [rms(sound[begin : begin + 4410]) for begin in range(0, len(sound) - 4410, 4410)]
    assert levels == pytest.approx([rms(leaving)] * len(levels), rel=0.05)


def test_loud_sounds_together_stay_below_the_ceiling() -> None:
    time_s = np.arange(round(5 * RATE))[:, None] / RATE
    loud = np.sin(2 * np.pi * np.array([[440.0, 440.0]]) * time_s).astype(np.float32) * np.float32(0.89)
    other = np.sin(2 * np.pi * np.array([[667.0, 667.0]]) * time_s).astype(np.float32) * np.float32(0.89)
    sound = spliced(loud[: 2 * RATE], other, RATE)
    assert true_peak_dbtp(sound) <= -1.0
    settled = round((CROSSFADE_S + LET_GO_S) * RATE)
    assert np.array_equal(sound[settled:], other[settled:])
    assert np.abs(np.diff(sound[settled - 50 : settled + 50], axis=0)).max() < 0.1  # no click


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.7])
def test_a_little_that_leaves_is_enough(seconds: float) -> None:
    leaving, arriving = noise(seconds, 1), noise(ARRIVING_LEAST_S, 2)
    sound = spliced(leaving, arriving, RATE)
    assert len(sound) == len(arriving)
    assert np.array_equal(sound[len(leaving) :], arriving[len(leaving) :])
