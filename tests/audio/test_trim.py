"""Near-silence at the edges of a clip: what goes and what stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.trim import LeadTrimmer, sound_end

Noise = Callable[..., Frames]
Cut = Callable[[Frames, int], Iterator[Frames]]

RATE = 44_100


def quiet(seconds: float) -> Frames:
    """A hiss some 70 dB below full scale."""
    hiss = np.random.default_rng(4).standard_normal((round(seconds * RATE), 2))
    return np.asarray(1e-4 * np.clip(hiss, -3.0, 3.0), np.float32)


@pytest.mark.parametrize(("lead_s", "removed_s"), [(0.0, 0.0), (0.1, 0.0), (0.5, 0.495), (0.98, 0.975), (3.0, 0.995)])
def test_leading_near_silence_goes_up_to_a_second_but_a_rest_stays(
    noise: Noise, cut: Cut, lead_s: float, removed_s: float
) -> None:
    clip = np.concatenate([quiet(lead_s), noise(2.0)])
    trimmer = LeadTrimmer(RATE, 2)
    kept = np.concatenate([trimmer.feed(piece) for piece in cut(clip, 3)])
    assert trimmer.removed / RATE == pytest.approx(removed_s, abs=0.001)
    np.testing.assert_array_equal(kept, clip[trimmer.removed :])


def test_the_first_clip_keeps_a_moment_before_its_first_note(noise: Noise) -> None:
    trimmer = LeadTrimmer(RATE, 2, keep_s=0.3)
    trimmer.feed(np.concatenate([quiet(0.8), noise(1.0)]))
    assert trimmer.removed / RATE == pytest.approx(0.5, abs=0.001)


def test_a_clip_that_stays_silent_comes_back_whole() -> None:
    trimmer = LeadTrimmer(RATE, 2)
    clip = quiet(0.6)
    assert len(trimmer.feed(clip)) == 0
    np.testing.assert_array_equal(trimmer.flush(), clip)
    assert trimmer.removed == 0
    np.testing.assert_array_equal(trimmer.feed(clip), clip)


def test_the_end_of_the_sound(noise: Noise) -> None:
    assert sound_end(np.concatenate([noise(0.5), quiet(1.0)])) == pytest.approx(0.5 * RATE, abs=10)
    assert sound_end(noise(0.5)) == pytest.approx(0.5 * RATE, abs=10)
    assert sound_end(quiet(0.5)) == 0
    assert sound_end(quiet(0.0)) == 0
