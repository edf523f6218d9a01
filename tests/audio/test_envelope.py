from __future__ import annotations

import numpy as np

from musicmed_desktop.audio.envelope import Envelope


def test_the_highest_magnitudes_in_their_places() -> None:
    envelope, frames = Envelope(8000), np.zeros((8000, 2), np.float32)
    frames[1000, 0], frames[4100, 1] = 0.5, -0.75
    for begin in range(0, 8000, 333):
        envelope.add(frames[begin : begin + 333], begin)
    np.testing.assert_allclose(envelope.read(0.0, 1.0, 4), [0.5, 0.0, 0.75, 0.0])
    np.testing.assert_allclose(envelope.read(0.1, 0.15, 1), [0.5])


def test_what_comes_later_replaces_what_was_there_and_behind() -> None:
    envelope = Envelope(8000)
    envelope.add(np.full((8000, 1), 0.9, np.float32), 0)
    envelope.add(np.full((2000, 1), 0.1, np.float32), 4000)
    np.testing.assert_allclose(envelope.read(0.0, 1.0, 4), [0.9, 0.9, 0.1, 0.0], rtol=1e-6)


def test_nothing_is_known_before_and_beyond() -> None:
    assert (Envelope(8000).read(5.0, 9.0, 8) == 0.0).all()
    envelope = Envelope(8000)
    envelope.add(np.ones((400, 1), np.float32), 800)
    np.testing.assert_allclose(envelope.read(0.0, 0.2, 4), [0.0, 0.0, 1.0, 0.0])
