from __future__ import annotations

import threading

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.ring import Ring


def numbered(begin: int, count: int) -> Frames:
    """Frames whose samples tell their place."""
    return np.repeat(np.arange(begin, begin + count, dtype=np.float32)[:, None], 2, axis=1)


@given(capacity=st.integers(1, 20), moves=st.lists(st.tuples(st.booleans(), st.integers(0, 30)), max_size=60))
def test_frames_leave_in_the_order_in_which_they_came(capacity: int, moves: list[tuple[bool, int]]) -> None:
    ring, written, taken = Ring(capacity, 2), 0, 0
    for is_write, count in moves:
        if is_write:
            expected = min(count, capacity - (written - taken))
            assert ring.write(numbered(written, count)) == expected
            written += expected
        else:
            block = np.full((count, 2), -1.0, np.float32)
            moved = ring.read_into(block)
            assert moved == min(count, written - taken)
            np.testing.assert_array_equal(block[:moved], numbered(taken, moved))
            assert (block[moved:] == -1.0).all()
            taken += moved
        assert (ring.waiting, ring.room) == (written - taken, capacity - written + taken)


def test_two_threads_lose_and_repeat_nothing() -> None:
    total, ring, block = 300_000, Ring(1000, 2), np.empty((170, 2), np.float32)

    def produce() -> None:
        sent = 0
        while sent < total:
            sent += ring.write(numbered(sent, min(333, total - sent)))

    producer = threading.Thread(target=produce)
    producer.start()
    received = 0
    while received < total:
        count = ring.read_into(block)
        np.testing.assert_array_equal(block[:count], numbered(received, count))
        received += count
    producer.join()
    assert ring.waiting == 0
