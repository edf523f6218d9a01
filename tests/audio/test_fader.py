from __future__ import annotations

import numpy as np
import pytest

from musicmed_desktop.audio.fader import Fader
from musicmed_desktop.audio.frames import Frames


def faded(fader: Fader, count: int, piece: int) -> Frames:
    frames = np.ones((count, 2), np.float32)
    for begin in range(0, count, piece):
        fader.apply(frames[begin : begin + piece])
    return frames


def test_a_gain_of_one_leaves_every_bit() -> None:
    frames = np.random.default_rng(1).standard_normal((500, 2)).astype(np.float32)
    same = frames.copy()
    Fader(1.0).apply(same)
    np.testing.assert_array_equal(same, frames)


@pytest.mark.parametrize("piece", [1, 77, 10_000])
def test_a_move_is_a_straight_line_however_it_is_cut(piece: int) -> None:
    fader = Fader(0.25)
    fader.move(1.0, 6000)
    gains = faded(fader, 7000, piece)
    np.testing.assert_allclose(gains[:6000, 0], 0.25 + 0.75 * np.arange(1, 6001) / 6000, atol=2e-5)
    assert (gains[6000:] == 1.0).all()
    assert (fader.gain, fader.left) == (1.0, 0)


def test_a_move_may_turn_back_on_its_way() -> None:
    fader = Fader(1.0)
    fader.move(0.0, 100)
    down = faded(fader, 40, 40)
    fader.move(1.0, 100)
    up = faded(fader, 100, 100)
    assert np.abs(np.diff(np.concatenate([down, up])[:, 0])).max() < 0.011
    assert fader.gain == 1.0


def test_no_frames_are_at_once() -> None:
    fader = Fader(1.0)
    fader.move(0.5, 0)
    assert (faded(fader, 3, 3) == 0.5).all()
