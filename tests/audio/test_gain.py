"""The two ways to bring a clip to its loudness."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.gain import FixedGain, JoiningGain, ListeningGain
from musicmed_desktop.audio.loudness import loudness

Noise = Callable[..., Frames]
Cut = Callable[[Frames, int], Iterator[Frames]]

RATE = 44_100


def level(clip: Frames, start_db: float = 0.0) -> tuple[Frames, np.ndarray]:
    """The levelled clip and the gain of every frame, dB."""
    gain = ListeningGain(RATE, 2, -18.0, start_db)
    levelled = np.concatenate([gain.feed(clip), gain.flush()])
    loudest = np.abs(clip).argmax(axis=1)[:, None]
    ratio = np.take_along_axis(levelled, loudest, 1) / np.take_along_axis(clip, loudest, 1)
    return levelled, 20.0 * np.log10(ratio[:, 0])


def test_a_known_loudness_is_brought_to_the_target(noise: Noise) -> None:
    clip = noise(5.0)
    gain = FixedGain(2, -20.0, loudness(clip, RATE))
    assert loudness(gain.feed(clip), RATE) == pytest.approx(-20.0, abs=0.01)
    assert len(gain.flush()) == 0


@pytest.mark.parametrize("known", [-np.inf, -200.0])
def test_a_silent_clip_is_not_blown_up(known: float) -> None:
    gain = FixedGain(2, -18.0, known)
    assert np.abs(gain.feed(np.full((10, 2), 1e-5, np.float32))).max() < 1e-3


def test_a_steady_clip_starts_at_its_level_and_stays(noise: Noise) -> None:
    levelled, gain = level(noise(12.0, rms=0.02))
    assert loudness(levelled, RATE) == pytest.approx(-18.0, abs=0.2)
    assert np.ptp(gain) < 0.5


def test_the_gain_slides_by_a_decibel_a_second_at_most(noise: Noise) -> None:
    clip = np.concatenate([noise(4.0, rms=0.02), noise(20.0, rms=0.2)])
    levelled, gain = level(clip)
    assert gain[0] - gain[-1] > 10.0
    assert np.abs(gain[RATE:] - gain[:-RATE]).max() < 1.01
    assert np.abs(np.diff(gain)).max() < 0.001
    assert loudness(levelled[-5 * RATE :], RATE) == pytest.approx(-18.0, abs=2.0)


def test_silence_keeps_the_gain_that_was(noise: Noise) -> None:
    clip = np.concatenate([np.full((4 * RATE, 2), 1e-5, np.float32), noise(6.0)])
    _, gain = level(clip, start_db=3.0)
    assert gain[: 2 * RATE] == pytest.approx(3.0, abs=0.01)


def test_chunks_do_not_matter(noise: Noise, cut: Cut) -> None:
    clip = noise(6.2) * np.linspace(0.2, 1.0, round(6.2 * RATE), dtype=np.float32)[:, None]
    gain = ListeningGain(RATE, 2, -18.0, 0.0)
    pieces = [gain.feed(piece) for piece in cut(clip, 11)]
    np.testing.assert_array_equal(np.concatenate([*pieces, gain.flush()]), level(clip)[0])


@pytest.mark.parametrize("seconds", [0.0, 0.2, 1.0, 2.6])
def test_a_short_clip_comes_back_whole(noise: Noise, seconds: float) -> None:
    levelled, _ = level(noise(5.0)[: round(seconds * RATE)])
    assert len(levelled) == round(seconds * RATE)


def test_a_joining_clip_begins_as_loud_as_the_tail_and_slides_to_its_own_level(cut: Cut) -> None:
    sound = np.random.default_rng(5).normal(0.0, 0.1, (30 * RATE, 2)).astype(np.float32)
    tail = np.float32(0.6) * sound[: 2 * RATE]
    gain = JoiningGain(RATE, tail, target_lufs=-14.0, known_lufs=-14.0)
    levelled = np.concatenate([*(gain.feed(piece) for piece in cut(sound, 9)), gain.flush()])
    ratio = np.abs(levelled).mean(axis=1) / np.abs(sound).mean(axis=1)
    np.testing.assert_allclose(ratio[: 2 * RATE], 0.6, atol=1e-3)
    assert (np.diff(ratio) > -1e-5).all()
    np.testing.assert_allclose(ratio[10 * RATE :], 1.0, atol=1e-3)
    assert gain.db == pytest.approx(0.0)


@pytest.mark.parametrize(("tail_level", "least_db", "most_db"), [(0.0, 0.0, 0.0), (0.01, -6.0, -6.0), (90.0, 6.0, 6.0)])
def test_a_join_leans_by_six_decibels_at_most(tail_level: float, least_db: float, most_db: float) -> None:
    sound = np.random.default_rng(5).normal(0.0, 0.1, (4 * RATE, 2)).astype(np.float32)
    gain = JoiningGain(RATE, np.float32(tail_level) * sound[:RATE], target_lufs=-14.0, known_lufs=-14.0)
    first = gain.feed(sound[: RATE + 1])
    lean = 20.0 * np.log10(np.abs(first[:RATE]).mean() / np.abs(sound[:RATE]).mean())
    assert least_db - 0.01 <= lean <= most_db + 0.01
