from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from hypothesis import given
from hypothesis import strategies as st

from musicmed_desktop.errors import UserError
from musicmed_desktop.training.codes.windows import UnusableError, read_windows, starts
from tests.training.codes.conftest import Music, sound

RATE = 32_000


@given(st.floats(0.1, 10_000), st.floats(0.1, 60), st.integers(1, 20))
def test_windows_lie_apart_within_the_piece(duration: float, window: float, most: int) -> None:
    begins = starts(duration, window, most)
    assert len(begins) == min(most, int(duration // window))
    assert all(-1e-9 <= begin <= duration - window + 1e-9 for begin in begins)
    assert all(later - earlier >= window - 1e-9 for earlier, later in pairwise(begins))


def test_windows_are_spread_evenly() -> None:
    assert starts(200.0, 30.0, 1) == (85.0,)
    assert starts(200.0, 30.0, 2) == (35.0, 135.0)
    assert starts(60.0, 30.0, 9) == (0.0, 30.0)
    assert starts(29.9, 30.0, 3) == ()


@pytest.mark.parametrize(("window", "most"), [(0.0, 1), (-1.0, 1), (30.0, 0)])
def test_there_are_no_other_windows(window: float, most: int) -> None:
    with pytest.raises(ValueError, match="cannot cut"):
        starts(100.0, window, most)


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.mp3"])
@pytest.mark.parametrize(("rate", "channels"), [(44_100, 2), (32_000, 1)])
def test_windows_hold_what_lies_there(music: Music, name: str, rate: int, channels: int) -> None:
    file = music(name, 20.0, rate, channels)
    begins, windows = read_windows(file, 4.0, 3, RATE)
    whole = soundfile.read(file, dtype="float32", always_2d=True)[0].mean(axis=1)
    assert begins == pytest.approx(starts(20.0, 4.0, 3), abs=1e-3)
    assert windows.shape == (3, 4 * RATE)
    assert windows.dtype == np.float32
    for begin, window in zip(begins, windows, strict=True):
        there = whole[round(begin * rate) :][: 4 * rate]
        expected = there if rate == RATE else soxr.resample(there, rate, RATE)
        np.testing.assert_allclose(window, expected, atol=2e-3)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_056, 48_000, 96_000])
@pytest.mark.parametrize("window_s", [1.0, 1.2345])
def test_windows_have_the_same_length_at_every_rate(music: Music, rate: int, window_s: float) -> None:
    _, windows = read_windows(music("a.wav", 2 * window_s + 0.01, rate), window_s, 5, RATE)
    assert windows.shape == (2, round(window_s * RATE))


def test_a_piece_of_just_one_window(music: Music) -> None:
    begins, windows = read_windows(music("a.wav", 3.0, 44_100), 3.0, 4, RATE)
    assert begins == (0.0,)
    assert windows.shape == (1, 3 * RATE)


def test_nothing_else_is_decoded(tmp_path: Path) -> None:
    samples = sound(9.0, RATE)
    samples[: 3 * RATE] = samples[-3 * RATE :] = np.nan
    soundfile.write(tmp_path / "a.wav", samples, RATE, subtype="FLOAT")
    begins, _ = read_windows(tmp_path / "a.wav", 2.0, 1, RATE)
    assert begins == (3.5,)
    with pytest.raises(UnusableError, match="damaged"):
        read_windows(tmp_path / "a.wav", 2.0, 4, RATE)


def test_silent_windows_are_left_out(tmp_path: Path) -> None:
    samples = sound(8.0, RATE)
    samples[: 4 * RATE] *= 1e-4
    soundfile.write(tmp_path / "a.wav", samples, RATE)
    begins, windows = read_windows(tmp_path / "a.wav", 2.0, 4, RATE)
    assert begins == (4.0, 6.0)
    assert len(windows) == 2


def cut_off(content: bytes) -> bytes:
    return content[: len(content) // 2]


def overwritten(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + np.random.default_rng(0).bytes(20_000) + content[middle + 20_000 :]


@pytest.mark.parametrize("name", ["a.mp3", "a.flac", "a.wav"])
@pytest.mark.parametrize("damage", [cut_off, overwritten])
def test_what_is_whole_is_used(music: Music, name: str, damage: Callable[[bytes], bytes]) -> None:
    file = music(name, 30.0, 44_100)
    whole = soundfile.read(file, dtype="float32")[0]
    file.write_bytes(damage(file.read_bytes()))
    begins, windows = read_windows(file, 3.0, 10, 44_100)
    before = [(begin, window) for begin, window in zip(begins, windows, strict=True) if begin < 10.0]
    assert len(before) >= 3
    for begin, window in before:
        np.testing.assert_allclose(window, whole[round(begin * 44_100) :][: len(window)], atol=2e-3)


def broken(name: str, content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def written(name: str, samples: float, subtype: str = "PCM_16", seconds: float = 5.0) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        soundfile.write(folder / name, np.full(round(seconds * RATE), samples, np.float32), RATE, subtype=subtype)
        return folder / name

    return make


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (broken("zero.mp3", b""), "holds no music"),
        (broken("text.mp3", b"<html>Not found</html>" * 500), "is not a sound file, or it is damaged"),
        (broken("nul.mp3", bytes(100_000)), "is not a sound file, or it is damaged"),
        (broken("tag.mp3", b"ID3\x03\x00\x00\x00\x00\x00\x0aaaaaaaaaaa"), "is not a sound file, or it is damaged"),
        (broken("samples.raw", bytes(1_000_000)), "is not a sound file"),
        (written("none.wav", 0.0, seconds=0.0), "holds no music"),
        (written("short.wav", 0.5, seconds=1.99), "is shorter than 2 seconds"),
        (written("silent.wav", 0.0), "is silent"),
        (written("silent.flac", 1e-4), "is silent"),
        (written("nan.wav", np.nan, "FLOAT"), "is damaged"),
        (written("infinite.wav", np.inf, "FLOAT"), "is damaged"),
        (written("huge.wav", 1e30, "FLOAT"), "is damaged"),
    ],
)
def test_what_cannot_be_used(make: Callable[[Path], Path], reason: str, tmp_path: Path) -> None:
    file = make(tmp_path)
    with pytest.raises(UnusableError) as caught:
        read_windows(file, 2.0, 3, RATE)
    assert caught.value.reason == reason
    assert caught.value.title == f"{file} {reason}."


def test_what_is_whole_may_be_too_little(music: Music) -> None:
    file = music("a.mp3", 5.0)
    file.write_bytes(cut_off(file.read_bytes()))
    with pytest.raises(UnusableError, match="is damaged"):
        read_windows(file, 4.0, 3, RATE)


@pytest.mark.parametrize("kind", ["missing", "a folder"])
def test_what_cannot_be_read_now_is_not_said_to_be_unusable(kind: str, tmp_path: Path) -> None:
    place = tmp_path / "48.mp3"
    if kind == "a folder":
        place.mkdir()
    with pytest.raises(UserError) as caught:
        read_windows(place, 2.0, 3, RATE)
    assert not isinstance(caught.value, UnusableError)
