from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from musicmed_desktop.recognition.chroma import CHROMA_RATE, FRAME, HOP, chroma


def tones(pitches: list[float], seconds: float = 1.0) -> NDArray[np.float32]:
    time = np.arange(round(seconds * CHROMA_RATE)) / CHROMA_RATE
    sound = np.zeros(len(time))
    for pitch in pitches:
        sound += 0.2 * np.sin(2.0 * np.pi * 440.0 * 2.0 ** ((pitch - 69.0) / 12.0) * time)
    return sound.astype(np.float32)


@settings(max_examples=30, deadline=None)
@given(st.integers(48, 96), st.floats(-0.4, 0.4))
def test_one_tone_is_one_pitch_class_at_any_concert_pitch(pitch: int, off: float) -> None:
    heard = chroma(tones([pitch + off])).all
    assert heard.sum(axis=0).argmax() == pitch % 12
    assert heard[:, pitch % 12].sum() > 0.95 * heard.sum()


def test_a_chord_is_its_pitch_classes() -> None:
    heard = chroma(tones([60, 64, 67])).all.sum(axis=0)
    assert set(np.argsort(heard)[-3:]) == {0, 4, 7}
    assert heard[[0, 4, 7]].sum() > 0.95 * heard.sum()


@pytest.mark.parametrize("bass", [36, 45, 59])
def test_the_bass_is_the_lowest_note(bass: int) -> None:
    heard = chroma(tones([bass, 64, 67])).bass.sum(axis=0)
    assert heard.argmax() == bass % 12
    assert heard[bass % 12] > 0.9 * heard.sum()


def test_frames() -> None:
    heard = chroma(tones([60], seconds=2.0))
    assert heard.all.shape == heard.bass.shape == ((2 * CHROMA_RATE - FRAME) // HOP + 1, 12)


@pytest.mark.parametrize("level", [0.0, 0.5])
def test_silence_and_a_constant_have_no_notes(level: float) -> None:
    heard = chroma(np.full(CHROMA_RATE, level, np.float32))
    assert heard.all.sum() == pytest.approx(0.0, abs=1e-6)
