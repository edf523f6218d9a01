"""Whole sessions of noise through the master: length, loudness, joins, silences, early ends."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.loudness import LoudnessMeter, loudness
from musicmed_desktop.audio.master import EXIT_TOLERANCE_S, HOLD_S, Master
from musicmed_desktop.audio.truepeak import true_peak_dbtp

Noise = Callable[..., Frames]
Cut = Callable[[Frames, int], Iterator[Frames]]
Pieces = Callable[[Frames], Iterator[Frames]]

RATE = 22_050  # half the usual rate: half the time
TARGET = -18.0


@pytest.fixture(scope="module")
def noise(noise: Noise) -> Noise:
    return partial(noise, rate=RATE)


def quiet(seconds: float) -> Frames:
    return np.full((round(seconds * RATE), 2), 1e-4, np.float32)


def in_seconds(samples: Frames) -> Iterator[Frames]:
    for begin in range(0, len(samples), RATE):
        yield samples[begin : begin + RATE]


def play(master: Master, clip: Frames, exit_s: float, known: bool = True, pieces: Pieces = in_seconds) -> Frames:
    """One clip through the master, planned to end where it does."""
    master.begin(TARGET, loudness(clip, RATE) if known else None, exit_s)
    ready = [master.feed(piece) for piece in pieces(clip)]
    return np.concatenate([*ready, master.end(exit_s)])


def session(
    noise: Noise, seconds: float, tail_s: float = 3.0, known: bool = True, pieces: Pieces = in_seconds
) -> tuple[Frames, list[float]]:
    """A session of ten-second clips; also where they begin."""
    master = Master(RATE, 2, seconds)
    ready, begins = [], []
    while master.position_s < seconds:
        begins.append(master.position_s)
        left = seconds - master.position_s
        last = left < 15.0
        clip = noise(left if last else 10.0 + tail_s, seed=len(begins))
        ready.append(play(master, clip, left if last else 10.0, known, pieces))
    return np.concatenate([*ready, master.finish()]), begins


@cache
def whole_feeds(noise: Noise, known: bool) -> tuple[Frames, list[float]]:
    return session(noise, 24.0, known=known, pieces=lambda clip: iter([clip]))


def short_term(samples: Frames) -> np.ndarray:
    meter = LoudnessMeter(RATE, 2)
    meter.add(samples)
    return meter.short_term()


@pytest.mark.parametrize("seconds", [3.0, 14.7, 41.237])
@pytest.mark.parametrize("tail_s", [0.0, 2.0])
def test_a_session_is_exactly_as_long_as_planned(noise: Noise, seconds: float, tail_s: float) -> None:
    music, begins = session(noise, seconds, tail_s)
    assert music.shape == (round(seconds * RATE), 2)
    assert music.dtype == np.float32
    assert len(begins) == max(1, int(seconds // 10))


def test_loudness_joins_and_peaks_of_a_session(noise: Noise) -> None:
    music, begins = session(noise, 60.0)
    assert loudness(music[: 55 * RATE], RATE) == pytest.approx(TARGET, abs=0.5)
    assert np.ptp(short_term(music[RATE : 55 * RATE])) < 1.0
    assert true_peak_dbtp(music) < -0.95
    steps = np.abs(np.diff(music, axis=0)).max(axis=1)
    usual = np.quantile(steps, 0.9999)
    for begin in begins[1:]:
        joint, tail_end = round(begin * RATE), round((begin + 3.0) * RATE)
        assert steps[joint - 20 : joint + 20].max() < usual
        assert steps[tail_end - 20 : tail_end + 20].max() < usual
        assert np.mean(steps[joint:tail_end] > usual) < 3e-4


@pytest.mark.parametrize("known", [True, False])
def test_a_join_without_a_tail_does_not_click(known: bool) -> None:
    hum = np.sin(2 * np.pi * 100.0 * np.arange(10 * RATE) / RATE + 1.0)
    clip = np.repeat(0.3 * hum.astype(np.float32)[:, None], 2, axis=1)
    master = Master(RATE, 2, 30.0)
    ready = [play(master, clip, 10.0, known), play(master, -clip, 10.0, known)]
    music = np.concatenate([*ready, master.finish()])
    steps = np.abs(np.diff(music[RATE:], axis=0)).max(axis=1)
    assert steps.max() < 2.0 * np.quantile(steps, 0.9)


@pytest.mark.parametrize("known", [True, False])
@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 1_000))
def test_how_a_clip_is_fed_does_not_matter(noise: Noise, cut: Cut, known: bool, seed: int) -> None:
    expected, places = whole_feeds(noise, known)
    music, begins = session(noise, 24.0, known=known, pieces=lambda clip: cut(clip, seed))
    np.testing.assert_allclose(music, expected, atol=1e-6)
    assert begins == places


def test_an_unknown_loudness_is_found_and_kept(noise: Noise) -> None:
    music, _ = session(noise, 40.0, known=False)
    assert loudness(music[: 36 * RATE], RATE) == pytest.approx(TARGET, abs=0.5)


def test_clips_reach_their_own_targets(noise: Noise) -> None:
    master = Master(RATE, 2, 60.0)
    ready = []
    for seed, target in enumerate((-16.0, -20.0, -18.0)):
        clip = noise(23.0 if seed < 2 else 20.0, seed=seed, rms=0.02 + 0.1 * seed)
        master.begin(target, loudness(clip, RATE), 20.0)
        ready += [master.feed(clip), master.end(20.0)]
    music = np.concatenate([*ready, master.finish()])
    for place, target in ((12, -16.0), (32, -20.0), (51, -18.0)):  # each has slid to its own level by then
        assert loudness(music[place * RATE : (place + 5) * RATE], RATE) == pytest.approx(target, abs=0.3)


def test_silence_around_a_clip_is_removed(noise: Noise) -> None:
    master = Master(RATE, 2, 60.0)
    ready = [play(master, noise(13.0), 10.0)]
    padded = np.concatenate([quiet(0.8), noise(9.2, seed=1), quiet(3.0)])
    ready.append(play(master, padded, 10.0))
    assert master.position_s == pytest.approx(10.0 + 9.2, abs=0.05)
    ready.append(play(master, np.concatenate([noise(9.4, seed=2), quiet(3.6)]), 10.0))
    assert master.position_s == pytest.approx(19.2 + 9.4 - 3.0, abs=0.05)  # a tail as long as planned
    ready.append(play(master, noise(13.0, seed=3), 10.0))
    music = np.concatenate([*ready, master.finish()])
    assert short_term(music[RATE : 30 * RATE]).min() > TARGET - 3.0


def test_a_short_rest_before_the_exit_keeps_the_bar_line(noise: Noise) -> None:
    master = Master(RATE, 2, 60.0)
    play(master, np.concatenate([noise(9.9), quiet(3.1)]), 10.0)
    assert master.position_s == pytest.approx(10.0)


def test_the_last_clip_keeps_its_silences(noise: Noise) -> None:
    master = Master(RATE, 2, 20.0)
    ready = [play(master, noise(12.0), 10.0)]
    ready.append(play(master, np.concatenate([quiet(0.7), noise(7.0, seed=1), quiet(2.3)]), 10.0))
    music = np.concatenate([*ready, master.finish()])
    assert master.position_s == pytest.approx(20.0)
    assert len(music) == 20 * RATE
    assert np.abs(music[round(17.8 * RATE) :]).max() < 0.01


def test_a_silent_session_stays_silent_and_whole() -> None:
    master = Master(RATE, 2, 24.0)
    ready = [play(master, np.zeros((12 * RATE, 2), np.float32), 10.0)]
    ready.append(play(master, np.zeros((round((24.0 - master.position_s) * RATE), 2), np.float32), 14.0))
    music = np.concatenate([*ready, master.finish()])
    assert not music.any()
    assert len(music) <= 24 * RATE


def test_the_first_note_survives_the_fade_in() -> None:
    note = np.zeros((6 * RATE, 2), np.float32)
    struck = np.exp(-np.arange(5 * RATE) / RATE * 4.0) * np.sin(2 * np.pi * 440.0 * np.arange(5 * RATE) / RATE)
    note[RATE:] = 0.3 * struck[:, None]
    for lead_s, loss_db in ((1.0, 0.2), (0.0, 6.0)):
        master = Master(RATE, 2, 60.0)
        clip = note[round((1.0 - lead_s) * RATE) :]
        master.begin(TARGET, TARGET, len(clip) / RATE)
        music = np.concatenate([master.feed(clip), master.finish()])
        attack = np.abs(music[: round(0.4 * RATE)]).max()
        assert 20.0 * np.log10(attack / np.abs(clip).max()) > -loss_db


def test_an_early_end_fades(noise: Noise) -> None:
    for fed_s in (0.5, 3.0, 8.0, 11.5, 14.0):
        master = Master(RATE, 2, 60.0)
        clip = noise(12.0)
        ready = []
        for number in range(2):
            master.begin(TARGET, loudness(clip, RATE), 10.0)
            left = round((fed_s - number * 10.0) * RATE)
            ready.append(master.feed(clip[: max(0, left)]))
            if left < len(clip):
                break
            ready.append(master.end(10.0))
        rest = master.finish(fade_s=2.0)
        music = np.concatenate([*ready, rest])
        assert len(music) == pytest.approx(fed_s * RATE, abs=1)
        assert len(rest) >= min(fed_s, HOLD_S) * RATE
        assert np.abs(music[-200:]).max() < 0.01
        faded = min(len(music), 2 * RATE) // 8
        assert np.std(music[-faded:]) < 0.1 * np.std(music)


def test_stopping_between_two_clips_keeps_the_tail(noise: Noise) -> None:
    master = Master(RATE, 2, 60.0)
    ready = play(master, noise(13.0), 10.0)
    assert len(np.concatenate([ready, master.finish()])) == 13 * RATE


def test_frames_leave_as_soon_as_nothing_can_touch_them(noise: Noise) -> None:
    master = Master(RATE, 2, 60.0)
    clip = noise(36.0)
    master.begin(TARGET, loudness(clip, RATE), 30.0)
    out = 0
    for number, piece in enumerate(in_seconds(clip), start=1):
        out += len(master.feed(piece))
        ready_s = max(0.0, min(number - HOLD_S, 30.0 - EXIT_TOLERANCE_S))
        assert ready_s - 0.2 <= out / RATE <= ready_s
    out += len(master.end(29.0))
    assert 29.0 - 0.2 <= out / RATE <= 29.0


def test_an_exit_may_come_four_seconds_early_and_no_more(noise: Noise) -> None:
    clip = noise(33.0)
    for exit_s in (26.01, 33.0):
        master = Master(RATE, 2, 90.0)
        master.begin(TARGET, loudness(clip, RATE), 30.0)
        master.feed(clip)
        master.end(exit_s)
        assert master.position_s == pytest.approx(exit_s, abs=0.03)
    master = Master(RATE, 2, 90.0)
    master.begin(TARGET, loudness(clip, RATE), 30.0)
    master.feed(clip)
    with pytest.raises(ValueError, match=r"exit at 20\.000 s; planned at 30\.000 s"):
        master.end(20.0)


def test_the_first_chunk_does_not_wait_for_heavy_imports() -> None:
    code = "import sys, musicmed_desktop.audio.master, musicmed_desktop.audio.files; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert "numpy" in loaded
    assert not {"scipy", "librosa", "soundfile", "soxr", "pyloudnorm", "pedalboard"} & set(loaded)


def test_mistakes_surface(noise: Noise) -> None:
    master = Master(RATE, 2, 60.0)
    with pytest.raises(RuntimeError):
        master.feed(noise(1.0))
    master.begin(TARGET, None, 30.0)
    with pytest.raises(RuntimeError):
        master.begin(TARGET, None, 30.0)
    with pytest.raises(ValueError, match="not finite"):
        master.feed(np.full((100, 2), np.nan, np.float32))


def test_memory_does_not_grow_with_the_session(noise: Noise) -> None:
    clip = noise(34.0)
    known = loudness(clip, RATE)
    master = Master(RATE, 2, 3_600.0)
    peaks = []
    tracemalloc.start()
    for _ in range(4):
        tracemalloc.reset_peak()
        master.begin(TARGET, known, 30.0)
        for piece in in_seconds(clip):
            master.feed(piece)
        master.end(30.0)
        peaks.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    assert max(peaks) < 30e6
    assert all(later < 1.1 * earlier for earlier, later in pairwise(peaks[1:]))
