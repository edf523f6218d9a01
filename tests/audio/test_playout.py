"""One run of a session, asked for block by block by hand."""

from __future__ import annotations

import numpy as np
import pytest

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.playout import FADE_S, VOLUME_S, Playout
from musicmed_desktop.audio.programme import Programme
from tests.fakes.outputs import HandOutput

RATE = 8000
FADE = round(FADE_S * RATE)


class Bench:
    """A programme, its playout, and the output that asks."""

    def __init__(self, frames: Frames, begin: int = 0, finished: bool = False, latency_s: float = 0.0) -> None:
        self.output = HandOutput(RATE)
        self.output.latency_s = latency_s
        self.programme = Programme(2)
        self.programme.jump(begin)
        self.programme.put(frames, begin)
        if finished:
            self.programme.finish()
        self.playout = Playout(self.output, self.programme, RATE, 1.0)
        self.output.start(self.playout.fill)

    def pull(self, count: int) -> Frames:
        """A block, and fed as after it."""
        block = self.output.pull(count)
        self.playout.feed(self.programme)
        return block

    def begin(self) -> None:
        self.playout.feed(self.programme)
        self.playout.refill()
        self.playout.go()


def noise(count: int, seed: int = 1) -> Frames:
    frames: Frames = np.random.default_rng(seed).uniform(-1, 1, (count, 2)).astype(np.float32)
    return frames


def ones(count: int) -> Frames:
    return np.ones((count, 2), np.float32)


def steps(frames: Frames) -> float:
    return float(np.abs(np.diff(frames[:, 0])).max())


def test_every_sample_from_the_first_to_the_last() -> None:
    frames = noise(20_000)
    bench = Bench(frames, finished=True)
    bench.begin()
    heard = np.concatenate([bench.pull(count) for count in (1, 159, 1000, 1280) * 9])
    np.testing.assert_array_equal(heard[:20_000], frames)
    assert not heard[20_000:].any()
    assert bench.playout.underruns == 0


def test_silent_until_it_is_told_to_go() -> None:
    bench = Bench(noise(9000))
    bench.playout.feed(bench.programme)
    bench.playout.refill()
    assert not bench.pull(300).any()
    bench.playout.go()
    assert bench.pull(300).all()


def test_music_that_is_entered_in_its_middle_fades_in() -> None:
    bench = Bench(ones(9000), begin=4000)
    bench.begin()
    block = bench.pull(1000)
    assert steps(block) < 1.5 / FADE
    assert block[0, 0] < 0.01
    assert (block[FADE:] == 1.0).all()


def test_a_rest_fades_and_loses_nothing() -> None:
    frames = noise(9000)
    bench = Bench(frames)
    bench.begin()
    bench.pull(700)
    bench.playout.hold()
    rest = bench.pull(700)
    place = 700 + FADE
    assert np.abs(rest[FADE - 5 : FADE]).max() < 0.02
    assert not rest[FADE:].any()
    assert bench.playout.faded
    bench.playout.go()
    again = bench.pull(1000)
    assert np.abs(again[:5]).max() < 0.02
    np.testing.assert_array_equal(again[FADE:], frames[place + FADE : place + 1000])


def test_want_of_music_fades_and_is_counted_once() -> None:
    bench = Bench(ones(4000))
    bench.begin()
    heard = np.concatenate([bench.pull(200) for _ in range(40)])
    assert bench.playout.dry
    assert bench.playout.underruns == 1
    assert steps(heard) < 1.5 / FADE
    bench.programme.put(ones(9000), 4000)
    bench.begin()
    heard = np.concatenate([heard, bench.pull(1000)])
    assert steps(heard) < 1.5 / FADE
    assert bench.playout.underruns == 1


def test_an_output_that_catches_up_is_served() -> None:
    """As PulseAudio does: a quarter of a second and more at once, while nobody feeds."""
    bench = Bench(noise(9000), latency_s=0.25)
    bench.begin()
    for _ in range(5):
        assert bench.output.pull(RATE // 16).all()
    assert bench.playout.underruns == 0


def test_the_end_is_no_want_of_music() -> None:
    bench = Bench(noise(500), finished=True)
    bench.begin()
    assert bench.pull(400).all()
    assert bench.pull(400)[:100].all()
    bench.pull(400)
    assert bench.playout.underruns == 0


def test_more_can_come_after_the_end() -> None:
    frames = noise(1000)
    bench = Bench(frames[:500], finished=True)
    bench.begin()
    bench.pull(300)
    bench.programme.put(frames[500:], 500)
    bench.programme.finish()
    bench.playout.feed(bench.programme)
    heard = bench.pull(900)
    np.testing.assert_array_equal(heard[:700], frames[300:])
    assert bench.playout.underruns == 0


def test_another_volume_is_a_ramp_within_the_block() -> None:
    bench = Bench(ones(9000))
    bench.begin()
    bench.pull(300)
    bench.playout.volume = 0.2
    block = bench.pull(300)
    ramp = round(VOLUME_S * RATE)
    assert steps(block) < 0.9 / ramp
    np.testing.assert_allclose(block[ramp:], 0.2, rtol=1e-6)


def test_a_long_rest_reaches_silence_where_it_says() -> None:
    bench = Bench(ones(20_000))
    bench.begin()
    bench.pull(300)
    bench.output.latency_s = 0.3
    begin, silent_at = bench.playout.hold(0.8)
    heard = np.concatenate([bench.pull(500) for _ in range(12)])
    assert (begin, silent_at) == (300, 300 + 0.5 * RATE)
    sounding = np.flatnonzero(heard[:, 0])
    assert len(sounding) in (silent_at - 300, silent_at - 301)
    assert steps(heard) < 1.5 / (0.5 * RATE)


def test_a_rest_after_the_last_frame_is_a_rest() -> None:
    bench = Bench(ones(500), finished=True)
    bench.begin()
    bench.pull(400)
    bench.playout.hold(0.8)
    bench.pull(400)
    assert bench.playout.faded


@pytest.mark.parametrize("channels", [1, 2])
def test_the_place_follows_the_latency(channels: int) -> None:
    frames = noise(9000)[:, :channels]
    programme = Programme(channels)
    programme.put(frames, 0)
    output = HandOutput(RATE)
    playout = Playout(output, programme, RATE, 1.0)
    output.start(playout.fill)
    output.latency_s = 100.0
    playout.feed(programme)
    playout.refill()
    playout.go()
    output.pull(1000)
    assert playout.heard == 0.0
    output.latency_s = 0.0
    output.pull(1000)
    assert 1000 <= playout.heard <= 2000
    assert playout.surely_heard == 1000
