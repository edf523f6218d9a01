from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from musicmed_desktop.engines.builtin import sampler as sampler_module
from musicmed_desktop.engines.builtin.instruments import INSTRUMENTS, Instrument
from musicmed_desktop.engines.builtin.percussion import KITS
from musicmed_desktop.engines.builtin.sampler import LENGTHS_S, SAMPLE_RATE, TIERS, Channels, Sampler
from musicmed_desktop.engines.builtin.soundfonts import bundled_soundfont
from tests.engines.builtin import fonts
from tests.engines.builtin.fonts import Preset, Sample, keys, write_font
from tests.engines.builtin.tuning import BELL, HARMONICS, cents_off, comb

PITCHED = list({i.program: i for i in INSTRUMENTS.values() if i.program >= 0}.values())
FADING = [i for i in PITCHED if not i.tone.sustained]
DRUMS = INSTRUMENTS["drums"]
SOFT, LOUD = 0, TIERS - 1

by_tag = pytest.mark.parametrize("instrument", PITCHED, ids=lambda i: i.tag)


def places(instrument: Instrument) -> list[int]:
    """Notes from the bottom to the top of an instrument's range."""
    return [round(instrument.low + share * (instrument.high - instrument.low)) for share in (0.0, 0.3, 0.6, 1.0)]


def level_db(sound: Channels) -> float:
    return float(10.0 * np.log10(np.square(sound).mean() + 1e-12))


def levels(sound: Channels, window_s: float = 0.25) -> NDArray[np.floating]:
    window = round(window_s * SAMPLE_RATE)
    count = sound.shape[1] // window
    return np.array([level_db(sound[:, i * window : (i + 1) * window]) for i in range(count)])


@by_tag
def test_instruments_are_in_tune(sampler: Sampler, instrument: Instrument) -> None:
    harmonics = BELL if instrument.tag == "bell" else HARMONICS
    for pitch in places(instrument):
        sound = sampler.note(instrument, pitch, 1.5, LOUD)
        assert abs(cents_off(sound, pitch, harmonics)) <= 20.0, pitch
        here, below, above = comb(sound, pitch, (0.0, -100.0, 100.0), harmonics)
        assert here > 2.0 * max(below, above), pitch


def test_the_measure_of_tuning_knows_mistuned_notes(sampler: Sampler) -> None:
    sound = sampler.note(INSTRUMENTS["flute"], 72, 1.5, LOUD)
    faster = np.arange(0.0, sound.shape[1] - 1.0, 2.0 ** (40.0 / 1200.0))
    sharp = np.interp(faster, np.arange(sound.shape[1]), sound.mean(axis=0)).astype(np.float32)
    assert cents_off(sharp, 72) == pytest.approx(cents_off(sound, 72) + 40.0, abs=5.0)


@by_tag
def test_all_instruments_speak_at_one_level(sampler: Sampler, instrument: Instrument) -> None:
    """In their first 0.3 s; a table of gains then serves every font."""
    for pitch in places(instrument):
        for tier in (SOFT, LOUD):
            sound = sampler.note(instrument, pitch, 1.5, tier)
            assert level_db(sound[:, : round(0.3 * SAMPLE_RATE)]) == pytest.approx(-21.5, abs=4.0)


@pytest.mark.parametrize("instrument", FADING, ids=lambda i: i.tag)
def test_struck_and_plucked_tones_fade(sampler: Sampler, instrument: Instrument) -> None:
    for pitch in places(instrument)[1:3]:
        fall = levels(sampler.note(instrument, pitch, 3.0, LOUD))
        audible = fall[fall > -65.0]
        assert (np.diff(audible) < 1.5).all(), pitch
        assert fall[-1] < fall[0] - 5.0, pitch


@pytest.mark.parametrize("instrument", [i for i in PITCHED if i.tone.sustained], ids=lambda i: i.tag)
def test_sustained_tones_last(sampler: Sampler, instrument: Instrument) -> None:
    """At least 10 seconds, long after the sample has ended for the first time."""
    sound = sampler.note(instrument, places(instrument)[1], 11.0, LOUD)
    held = levels(sound, 1.0)[:10]
    assert held.min() > -32.0
    assert np.ptp(held) < 9.0


def test_high_strings_fade_faster_than_low_ones(sampler: Sampler) -> None:
    low, high = (levels(sampler.note(INSTRUMENTS["piano"], pitch, 3.0, LOUD)) for pitch in (40, 76))
    assert low[-1] > high[-1] + 6.0


@by_tag
def test_a_firmer_touch_is_brighter(sampler: Sampler, instrument: Instrument) -> None:
    centres = [_centre_hz(sampler.note(instrument, places(instrument)[1], 1.5, tier)) for tier in range(TIERS)]
    assert centres[0] <= centres[1] * 1.02
    assert centres[1] <= centres[2] * 1.02
    assert centres[0] < centres[2] * 1.01


def test_over_all_instruments_the_tiers_differ_clearly(sampler: Sampler) -> None:
    ratios = [
        _centre_hz(sampler.note(i, places(i)[1], 1.5, LOUD)) / _centre_hz(sampler.note(i, places(i)[1], 1.5, SOFT))
        for i in PITCHED
    ]
    assert np.median(ratios) > 1.2


@pytest.mark.parametrize("pitch", sorted({layer.pitch for kit in KITS.values() for layer in kit} | {41, 45, 48}))
def test_every_drum_sounds(sampler: Sampler, pitch: int) -> None:
    sound = sampler.note(DRUMS, pitch, 1.5, 1)
    assert -40.0 < level_db(sound[:, : round(0.3 * SAMPLE_RATE)]) < -5.0


@pytest.mark.parametrize("seconds", [0.1, 1.5, 1.6, 5.0, 12.0, 60.0])
def test_notes_are_as_long_as_asked_and_twelve_seconds_at_most(sampler: Sampler, seconds: float) -> None:
    sound = sampler.note(INSTRUMENTS["harp"], 60, seconds, 1)
    assert sound.shape[0] in (1, 2)
    assert sound.dtype == np.float32
    assert sound.shape[1] / SAMPLE_RATE >= min(seconds, LENGTHS_S[-1])
    assert sound.shape[1] <= LENGTHS_S[-1] * SAMPLE_RATE


def test_a_note_is_made_once(sampler: Sampler) -> None:
    oboe = INSTRUMENTS["oboe"]
    assert sampler.note(oboe, 70, 1.0, 1) is sampler.note(oboe, 70, 1.2, 1)
    assert sampler.note(oboe, 70, 1.0, 1) is not sampler.note(oboe, 70, 1.0, 2)


def test_what_is_kept_is_bounded_and_what_is_used_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    second = 4 * SAMPLE_RATE
    monkeypatch.setattr(sampler_module, "_CACHE_BYTES", 20 * second)
    small = Sampler(bundled_soundfont())
    organ = INSTRUMENTS["organ"]
    favourite = small.note(organ, 60, 1.5, 1)
    for pitch in range(40, 80):
        small.note(organ, pitch, 1.5, 1)
        assert small.note(organ, 60, 1.5, 1) is favourite
        assert sum(sound.nbytes for sound in small._cache.values()) <= 20 * second
    assert len(small._cache) >= 4


def test_a_missing_key_is_played_by_its_neighbour(tmp_path: Path) -> None:
    sine = 0.5 * np.sin(2 * np.pi * 440.0 * np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE)
    sample = Sample(sine, key=69, loop=(22_050, 66_150))
    zone = {fonts.SAMPLE: 0, fonts.LOOPS: 1, fonts.KEYS: keys(69, 70)}
    own = Sampler(write_font(tmp_path / "gaps.sf2", [sample], [Preset([zone], program=68)]))
    oboe = INSTRUMENTS["oboe"]
    for pitch in (66, 68, 69, 72):
        assert cents_off(own.note(oboe, pitch, 1.5, LOUD), pitch) == pytest.approx(0.0, abs=8.0)
    assert not own.note(oboe, 80, 1.5, LOUD).any()  # too far: silence, not a caricature
    assert not own.note(INSTRUMENTS["flute"], 69, 1.5, LOUD).any()


def test_a_sample_of_silence_stays_silent(tmp_path: Path) -> None:
    silent = Sample(np.zeros(SAMPLE_RATE), key=60)
    own = Sampler(write_font(tmp_path / "silent.sf2", [silent], [Preset([{fonts.SAMPLE: 0}])]))
    assert not own.note(INSTRUMENTS["piano"], 60, 1.5, SOFT).any()


def test_two_threads_get_the_same_notes() -> None:
    shared = Sampler(bundled_soundfont())
    heard: dict[int, list[Channels]] = {}

    def listen(number: int) -> None:
        pitches = range(60, 72) if number else range(71, 59, -1)
        heard[number] = [shared.note(INSTRUMENTS["guitar"], pitch, 1.5, 1) for pitch in pitches]

    threads = [threading.Thread(target=listen, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(a, b) for a, b in zip(heard[0], reversed(heard[1]), strict=True))


def _centre_hz(sound: Channels) -> float:
    mono = sound.mean(axis=0)[:SAMPLE_RATE]
    power = np.square(np.abs(np.fft.rfft(mono)))
    return float((power * np.arange(len(power))).sum() / power.sum())
