from __future__ import annotations

import numpy as np
import pytest

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.programme import Programme


def numbered(begin: int, count: int, mark: int = 0) -> Frames:
    return np.arange(begin, begin + count, dtype=np.float32)[:, None] + 10_000 * mark


def test_pieces_are_read_as_one() -> None:
    programme = Programme(1)
    for begin in (0, 5, 12):
        programme.put(numbered(begin, 7 if begin else 5), begin)
    np.testing.assert_array_equal(programme.take(0, 8), numbered(0, 8))
    np.testing.assert_array_equal(programme.take(0, 100), numbered(8, 11))
    assert (programme.taken, programme.end) == (19, 19)


def test_a_later_piece_replaces_the_rest() -> None:
    programme = Programme(1)
    programme.put(numbered(0, 10), 0)
    programme.put(numbered(10, 10), 10)
    programme.put(numbered(7, 5, mark=1), 7)
    assert programme.end == 12
    np.testing.assert_array_equal(programme.view(0, 99), np.concatenate([numbered(0, 7), numbered(7, 5, mark=1)]))


def test_what_was_taken_stays() -> None:
    programme = Programme(1)
    programme.put(numbered(0, 10), 0)
    programme.take(0, 6)
    assert programme.put(numbered(4, 5, mark=1), 4) == 6
    np.testing.assert_array_equal(programme.take(0, 99), numbered(6, 3, mark=1))


def test_a_gap_is_refused() -> None:
    programme = Programme(1)
    programme.put(numbered(0, 10), 0)
    with pytest.raises(ValueError, match="a gap of 1 frames"):
        programme.put(numbered(11, 3), 11)


def test_finished_until_more_comes() -> None:
    programme = Programme(1)
    programme.put(numbered(0, 10), 0)
    programme.finish()
    assert not programme.exhausted(0)
    programme.take(0, 10)
    assert programme.exhausted(0)
    programme.put(numbered(10, 3), 10)
    assert not programme.exhausted(0)


def test_it_can_be_rewound_as_far_as_it_was_kept() -> None:
    programme = Programme(1)
    for begin in (0, 10, 20):
        programme.put(numbered(begin, 10), begin)
    programme.take(0, 25)
    programme.forget(14)
    programme.rewind(17)
    assert (programme.run, programme.first, programme.taken) == (1, 17, 17)
    np.testing.assert_array_equal(programme.take(1, 5), numbered(17, 5))
    programme.rewind(3)
    assert programme.first == 10


def test_what_was_not_taken_is_not_forgotten() -> None:
    programme = Programme(1)
    programme.put(numbered(0, 10), 0)
    programme.forget(99)
    assert len(programme.view(0, 99)) == 10


def test_a_jump_leaves_those_who_read_before_without_anything() -> None:
    programme = Programme(1)
    programme.put(numbered(0, 10), 0)
    programme.jump(500)
    programme.put(numbered(498, 6), 498)
    assert len(programme.take(0, 5)) == 0
    np.testing.assert_array_equal(programme.take(1, 5), numbered(500, 4))
