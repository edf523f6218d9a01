"""The timeline and its crossfades."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from musicmed_desktop.audio.fades import constant_power, fade_in, fade_out
from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.join import Timeline, correlation

Noise = Callable[..., Frames]
Cut = Callable[[Frames, int], Iterator[Frames]]


def test_an_equal_power_crossfade_keeps_the_power() -> None:
    leaving, entering = constant_power(1_001, correlation=0.0)
    np.testing.assert_allclose(leaving**2 + entering**2, 1.0, atol=1e-6)
    np.testing.assert_allclose(leaving, entering[::-1], atol=1e-6)
    assert leaving[0] == pytest.approx(1.0, abs=1e-5)


def test_a_sound_crossfaded_with_itself_stays_as_it_is(noise: Noise, cut: Cut) -> None:
    sound = noise(2.0, seed=3)
    timeline = Timeline(2)
    timeline.begin(0)
    timeline.lay(sound[:60_000])
    timeline.join(30_000, tail_end=60_000)
    for piece in cut(sound[30_000:], 7):
        timeline.lay(piece)
    np.testing.assert_allclose(timeline.waiting(), sound, atol=1e-5)


@pytest.mark.parametrize("likeness", [0.0, 0.3, 0.7, 1.0])
def test_a_crossfade_keeps_the_level_however_alike_the_sounds_are(likeness: float) -> None:
    common, other = np.random.default_rng(1).normal(0.0, 0.1, (2, 100_000, 2)).astype(np.float32)
    entering = np.float32(likeness) * common + np.float32((1.0 - likeness**2) ** 0.5) * other
    assert correlation(common, entering) == pytest.approx(likeness, abs=0.02)
    leaves, enters = constant_power(len(common), correlation(common, entering))
    mixed = common * leaves + entering * enters
    level = [10 * np.log10(np.square(part).mean()) for part in np.array_split(mixed, 8)]
    plain = 10 * np.log10(np.square(common).mean())
    np.testing.assert_allclose(level, plain, atol=0.15)


def test_fades_reach_silence_and_full_level() -> None:
    assert (np.diff(fade_out(500), axis=0) < 0).all()
    assert fade_out(500)[-1] < 1e-4
    assert (np.diff(fade_in(500), axis=0) > 0).all()
    assert fade_in(500)[-1] == pytest.approx(1.0, abs=0.001)
    assert 20 * np.log10(fade_in(300)[10, 0]) == pytest.approx(-7.3, abs=0.2)
    assert len(fade_in(0)) == len(fade_out(0)) == 0


def test_the_next_clip_lies_over_the_tail(noise: Noise, cut: Cut) -> None:
    first, second = noise(1.0, seed=1), noise(1.0, seed=2)
    timeline = Timeline(2)
    timeline.begin(0)
    timeline.lay(first)
    timeline.join(30_000, tail_end=40_000)
    for piece in cut(second, 8):
        timeline.lay(piece)
    leaving, entering = constant_power(10_000, correlation(first[30_000:40_000], second[:10_000]))
    whole = timeline.waiting()
    assert len(whole) == 30_000 + len(second)
    np.testing.assert_array_equal(whole[:30_000], first[:30_000])
    overlap = first[30_000:40_000] * leaving + second[:10_000] * entering
    np.testing.assert_allclose(whole[30_000:40_000], overlap, atol=1e-6)
    np.testing.assert_array_equal(whole[40_000:], second[10_000:])


def test_a_clip_shorter_than_the_tail_leaves_the_rest_of_it_fading(noise: Noise) -> None:
    timeline = Timeline(2)
    timeline.begin(0)
    timeline.lay(noise(1.0))
    timeline.join(10_000, tail_end=44_100)
    timeline.lay(noise(0.1, seed=2))
    timeline.settle()
    assert timeline.cursor == 14_410
    assert timeline.end == 44_100
    assert np.abs(timeline.view(44_000, 44_100)).max() < 0.01
