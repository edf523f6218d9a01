from __future__ import annotations

import numpy as np
import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.base import CancelledError, Frames
from musicmed_desktop.errors import UserError
from musicmed_desktop.evaluation import walking
from musicmed_desktop.evaluation.joins import short_term_jumps, steps_beyond
from musicmed_desktop.evaluation.walking import PAIRS, Journey, journeys, walked
from musicmed_desktop.recognition.base import Measurement
from tests.fakes.engines import ToneEngine, ToneRecognizer

RATE = 8000
JOURNEY = Journey("sad", "happy", seed=1, minutes=4.0)


def sine(seconds: float, level: float = 0.1) -> Frames:
    wave = level * np.sin(2 * np.pi * 997 * np.arange(round(seconds * RATE)) / RATE)
    return np.stack([wave, wave], axis=1).astype(np.float32)


def test_a_session_is_measured_as_it_walks() -> None:
    walk, sound = walked(ToneEngine(), ToneRecognizer(), JOURNEY, lambda: False)
    assert (walk.start, walk.target, walk.seed) == ("sad", "happy", 1)
    assert len(sound) == 240 * RATE
    assert walk.advance > 0.9
    assert 0.0 < walk.miss < 0.3
    assert 0.0 <= walk.join_jump_lu < 2.0
    assert 0.0 <= walk.clicks <= 1.0


def test_a_session_that_stays_where_it_is_does_not_advance() -> None:
    class Deaf(ToneRecognizer):
        def measure(self, samples: Frames, sample_rate: int) -> Measurement:
            return Measurement(Affect(0.1, 0.1), super().measure(samples, sample_rate).attributes)

    assert walked(ToneEngine(), Deaf(), JOURNEY, lambda: False)[0].advance == 0.0


def test_a_session_without_a_join_that_can_be_measured_has_no_jump(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "short_term_jumps", lambda *_: np.array([]))
    assert np.isnan(walked(ToneEngine(), ToneRecognizer(), JOURNEY, lambda: False)[0].join_jump_lu)


def test_a_session_that_is_stopped_or_fails_is_none() -> None:
    with pytest.raises(CancelledError):
        walked(ToneEngine(), ToneRecognizer(), JOURNEY, lambda: True)
    with pytest.raises(UserError, match="no memory"):
        walked(ToneEngine(fails={2: UserError("There is no memory.")}), ToneRecognizer(), JOURNEY, lambda: False)


def test_journeys_take_their_turns() -> None:
    asked = journeys(len(PAIRS) + 1, 4.0)
    assert [(each.start, each.target) for each in asked[:-1]] == [*PAIRS]
    assert (asked[0].seed, asked[-1]) == (1, Journey(*PAIRS[0], 2, 4.0))


def test_a_click_at_a_join_is_found() -> None:
    sound = sine(40.0)
    assert steps_beyond(sound, RATE, [10.0, 20.0, 30.0]) == 0
    sound[20 * RATE] += 0.5
    assert steps_beyond(sound, RATE, [10.0, 20.0, 30.0]) == 1


def test_a_jump_of_loudness_is_measured_in_lu() -> None:
    sound = np.concatenate([sine(20.0), sine(20.0, 0.2)])
    assert short_term_jumps(sound, RATE, [20.0, 30.0]) == pytest.approx([20 * np.log10(2), 0.0], abs=0.05)
    assert len(short_term_jumps(sound, RATE, [1.0, 39.0])) == 0  # too near to an end
