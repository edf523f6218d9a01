from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from musicmed_desktop.recognition.tonal import LEAST_CLARITY, Tonality, tonality

BRIGHTNESS = {"lydian": 3, "ionian": 2, "mixolydian": 1, "dorian": 0, "aeolian": -1, "phrygian": -2}
RATE = 16_000


def test_major_modes_are_above_minor_modes(piece: Any, mode: str) -> None:
    assert (tonality(piece(mode).play()).mode > 0.05) == (BRIGHTNESS[mode] > 0)
    assert (tonality(piece(mode).play()).mode < 0.05) == (BRIGHTNESS[mode] <= 0)


@settings(max_examples=8, deadline=None)
@given(st.integers(-6, 5), st.sampled_from(["ionian", "aeolian"]))
def test_no_key_is_happier_than_another(piece: Any, shift: int, mode: str) -> None:
    at_home, elsewhere = (tonality(piece(mode, tonic=60 + by).play()).valence for by in (0, shift))
    assert elsewhere == pytest.approx(at_home, abs=0.06)


def test_level_and_concert_pitch_do_not_matter(piece: Any) -> None:
    sound = piece("aeolian").play()
    valence = tonality(sound).valence
    assert tonality(0.001 * sound).valence == pytest.approx(valence, abs=1e-4)
    flat = soxr.resample(sound, RATE, RATE * 440.0 / 432.0)  # played at A = 432 Hz
    assert tonality(flat).valence == pytest.approx(valence, abs=0.03)


@pytest.mark.parametrize("beat_s", [0.35, 0.7, 1.0])
def test_tempo_does_not_decide(piece: Any, beat_s: float) -> None:
    major, minor = (tonality(piece(mode, beat_s=beat_s).play()).valence for mode in ("ionian", "aeolian"))
    assert major > 0.25
    assert minor < 0.05


def test_dissonance_is_less_pleasant(piece: Any) -> None:
    for mode in ("ionian", "aeolian"):
        plain, harsh = (tonality(piece(mode, added=added).play()) for added in (None, 6))
        assert harsh.key_clarity < plain.key_clarity - 0.03
        assert harsh.valence < plain.valence


def test_a_modulation_keeps_the_mode(piece: Any) -> None:
    for mode, major in (("ionian", True), ("aeolian", False)):
        there = np.concatenate([piece(mode).play(), piece(mode, tonic=62).play()])
        assert (tonality(there).mode > 0.0) == major


def test_percussion_does_not_hide_the_mode(piece: Any) -> None:
    random = np.random.default_rng(2)
    for mode, major in (("ionian", True), ("aeolian", False)):
        sound = piece(mode).play()
        beat = np.exp(-(np.arange(len(sound)) % (RATE // 4)) / 800.0)
        noisy = sound + (0.3 * beat * random.normal(0.0, 1.0, len(sound))).astype(np.float32)
        assert (tonality(noisy).mode > 0.0) == major


def test_noise_has_no_clear_key() -> None:
    heard = tonality(np.random.default_rng(5).normal(0.0, 0.1, 10 * RATE).astype(np.float32))
    assert heard.key_clarity < LEAST_CLARITY
    assert abs(heard.mode) < 0.1
    assert heard.valence == pytest.approx(heard.mode - 0.15)


def test_silence_has_no_key() -> None:
    assert tonality(np.zeros(3 * RATE, np.float32)) == Tonality(mode=0.0, key_clarity=0.0)


def test_brightness_of_modes_is_heard_on_real_instruments(piece: Any) -> None:
    from scipy.stats import spearmanr

    from musicmed_desktop.engines.builtin.instruments import INSTRUMENTS
    from musicmed_desktop.engines.builtin.sampler import SAMPLE_RATE, Sampler
    from musicmed_desktop.engines.builtin.soundfonts import bundled_soundfont

    sampler = Sampler(bundled_soundfont())
    brightness, valence = [], []
    for number, name in enumerate(("piano", "guitar", "strings", "pipeorgan")):

        def voice(pitch: int, seconds: float, name: str = name) -> Any:
            frames = sampler.note(INSTRUMENTS[name], pitch, seconds, 1)[: round(seconds * SAMPLE_RATE)]
            return soxr.resample(frames.mean(axis=0), SAMPLE_RATE, RATE)

        for mode, bright in BRIGHTNESS.items():
            brightness.append(bright)
            valence.append(tonality(piece(mode, tonic=58 + 2 * number).play(voice)).valence)
    assert spearmanr(brightness, valence).statistic >= 0.8
