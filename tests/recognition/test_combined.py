from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import soxr

from musicmed_desktop.affect import Affect
from musicmed_desktop.recognition import Recognizer, calibration, create_recognizer
from musicmed_desktop.recognition.combined import TONAL_WEIGHT

RATE = 44_100
KEYS = {
    "acousticness", "danceability", "energy", "instrumentalness", "liveness", "speechiness", "vibenet_valence_raw",
    "vibenet_valence", "tonal_valence", "mode", "key_clarity", "valence", "arousal",
}  # fmt: skip


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return create_recognizer()


@pytest.fixture(scope="module")
def major(piece: Any) -> Any:
    return stereo(piece("ionian", beat_s=0.3, bars=12).play())


def stereo(mono: Any, rate: int = RATE) -> Any:
    at_rate = soxr.resample(mono, 16_000, rate)
    return np.stack([at_rate, 0.8 * at_rate], axis=1).astype(np.float32)


def test_each_estimate_is_reported_beside_the_combined_one(recognizer: Recognizer, major: Any) -> None:
    heard = recognizer.measure(major, RATE)
    assert set(heard.attributes) == KEYS
    seen = heard.attributes
    assert seen["vibenet_valence"] == calibration.VALENCE_FROM_VIBENET(seen["vibenet_valence_raw"])
    assert seen["arousal"] == calibration.AROUSAL_FROM_ENERGY(seen["energy"]) == heard.affect.arousal
    mean = TONAL_WEIGHT * seen["tonal_valence"] + (1.0 - TONAL_WEIGHT) * seen["vibenet_valence"]
    assert heard.affect.valence == seen["valence"] == pytest.approx(mean)


def test_major_is_more_pleasant_than_minor(recognizer: Recognizer, piece: Any) -> None:
    bright, dark = (recognizer.measure(stereo(piece(mode).play()), RATE) for mode in ("ionian", "phrygian"))
    assert bright.affect.valence > dark.affect.valence + 0.4


def test_a_fast_beat_is_more_arousing_than_a_slow_tune(recognizer: Recognizer, piece: Any) -> None:
    slow, fast = (piece("ionian", beat_s=beat, bars=bars).play() for beat, bars in ((1.0, 4), (0.25, 16)))
    drum = np.random.default_rng(4).normal(0.0, 0.5, len(fast)) * np.exp(-(np.arange(len(fast)) % 4000) / 600.0)
    beaten = recognizer.measure(stereo(fast + drum.astype(np.float32)), RATE)
    assert beaten.affect.arousal > recognizer.measure(stereo(slow), RATE).affect.arousal + 0.3


@pytest.mark.parametrize("gain", [0.003, 0.1, 4.0])
def test_level_does_not_matter(recognizer: Recognizer, major: Any, gain: float) -> None:
    loud, soft = recognizer.measure(major, RATE), recognizer.measure(np.float32(gain) * major, RATE)
    assert soft.attributes == pytest.approx(loud.attributes, abs=2e-3)


@pytest.mark.parametrize("rate", [22_050, 48_000])
def test_sample_rate_hardly_matters(recognizer: Recognizer, piece: Any, major: Any, rate: int) -> None:
    other = recognizer.measure(stereo(piece("ionian", beat_s=0.3, bars=12).play(), rate), rate)
    assert recognizer.measure(major, RATE).affect.distance(other.affect) < 0.1


def test_mono_is_heard_like_two_equal_channels(recognizer: Recognizer, major: Any) -> None:
    one = major[:, :1]
    both = recognizer.measure(np.repeat(one, 2, axis=1), RATE)
    assert recognizer.measure(one, RATE).attributes == pytest.approx(both.attributes, abs=1e-4)


@pytest.mark.parametrize("level", [0.0, 1e-6])
def test_silence_is_neutral_and_calm(recognizer: Recognizer, level: float) -> None:
    heard = recognizer.measure(np.full((5 * RATE, 2), level, np.float32), RATE)
    assert heard.affect == Affect(0.0, -1.0)
    assert set(heard.attributes) == KEYS
    assert heard.attributes["arousal"] == -1.0


def test_odd_sounds_give_finite_measurements(recognizer: Recognizer) -> None:
    random = np.random.default_rng(6)
    click = np.zeros((4 * RATE, 2), np.float32)
    click[RATE] = 1.0
    for sound in (random.normal(0.0, 0.3, (4 * RATE, 2)), np.full((4 * RATE, 2), 0.5), click):
        heard = recognizer.measure(sound.astype(np.float32), RATE)
        assert all(np.isfinite(value) for value in heard.attributes.values())


def test_what_cannot_be_measured_is_refused(recognizer: Recognizer, major: Any) -> None:
    broken = major.copy()
    broken[1000, 1] = np.nan
    with pytest.raises(ValueError, match="finite"):
        recognizer.measure(broken, RATE)
    with pytest.raises(ValueError, match="finite"):
        recognizer.measure(np.where(np.isnan(broken), np.float32(np.inf), broken), RATE)
    with pytest.raises(ValueError, match=r"2\.90 s"):
        recognizer.measure(major[: round(2.9 * RATE)], RATE)
    with pytest.raises(ValueError, match="shape"):
        recognizer.measure(major[:, 0], RATE)


def test_threads_measure_alike(piece: Any) -> None:
    sounds = [stereo(piece(mode, bars=4).play()) for mode in ("ionian", "dorian", "aeolian", "phrygian")]
    fresh = create_recognizer()
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda sound: fresh.measure(sound, RATE), sounds))
    assert together == [create_recognizer().measure(sound, RATE) for sound in sounds]


def test_version_names_the_calibration(recognizer: Recognizer) -> None:
    assert recognizer.name == "vibenet+tonal"
    assert recognizer.version.endswith(f"+{calibration.VERSION}")
