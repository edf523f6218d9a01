"""The queue of frames against the whole signal that was put in."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from musicmed_desktop.audio.frames import Backlog

STEPS = st.lists(st.tuples(st.integers(0, 40_000), st.integers(0, 40_000)), max_size=12)


@given(steps=STEPS)
def test_what_comes_out_is_what_went_in(steps: list[tuple[int, int]]) -> None:
    whole = np.arange(sum(put for put, _ in steps), dtype=np.float32)[:, None]
    queue = Backlog(channels=1)
    taken = [whole[:0]]
    for put, take in steps:
        queue.append(whole[queue.end : queue.end + put])
        taken.append(queue.take(queue.start + take))
        np.testing.assert_array_equal(queue.waiting(), whole[queue.start : queue.end])
    np.testing.assert_array_equal(np.concatenate(taken), whole[: queue.start])


def test_a_view_outside_of_what_waits_is_empty() -> None:
    queue = Backlog(channels=2)
    queue.append(np.ones((50_000, 2), np.float32))
    queue.take(40_000)
    queue.append(np.ones((50_000, 2), np.float32))
    assert len(queue.view(0, 0)) == 0
    assert len(queue.view(200_000, 300_000)) == 0
    assert len(queue.view(0, 40_010)) == 10


def test_cutting_forgets_the_end() -> None:
    queue = Backlog(channels=1)
    queue.append(np.arange(10, dtype=np.float32)[:, None])
    queue.cut(4)
    queue.append(np.full((2, 1), 7.0, np.float32))
    assert queue.waiting().ravel().tolist() == [0, 1, 2, 3, 7, 7]
