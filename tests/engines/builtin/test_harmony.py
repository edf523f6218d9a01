from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

from hypothesis import strategies as st

from musicmed_desktop.engines.builtin.harmony import Harmony, Span, phrase_chords
from musicmed_desktop.engines.builtin.modes import Key, chord_on, major_dominant
from tests.engines.builtin.properties import forall

DOMINANTS = {1, 4, 6}  # V, VII and, where the mode has no other, the chord above the tonic

keys = st.builds(Key, st.integers(0, 11), st.integers(0, 5))
tastes = st.builds(Harmony, st.floats(-1, 1), st.floats(0, 1), st.floats(0, 1))
rngs = st.integers(0, 10_000).map(random.Random)
bars = st.sampled_from((2, 4, 6))


@forall(rngs, keys, bars, st.booleans(), tastes)
def test_chords_tile_the_phrase(rng: random.Random, key: Key, bars: int, closed: bool, taste: Harmony) -> None:
    spans = phrase_chords(rng, key, bars, 4.0, closed, taste)
    assert [span.start for span in spans] == [4.0 * bar for bar in range(bars)]
    assert all(span.length == 4.0 for span in spans)


@forall(rngs, keys, bars, tastes)
def test_closed_phrases_come_home(rng: random.Random, key: Key, bars: int, taste: Harmony) -> None:
    first, *_, last = phrase_chords(rng, key, bars, 4.0, True, taste)
    assert {first.chord.root, last.chord.root} == {key.tonic}


@forall(rngs, keys, st.sampled_from((4, 6)), tastes)
def test_a_full_close_is_prepared_by_a_dominant(rng: random.Random, key: Key, bars: int, taste: Harmony) -> None:
    *_, before, _ = phrase_chords(rng, key, bars, 4.0, True, taste)
    assert before.chord.degree in DOMINANTS


@forall(rngs, keys, bars, tastes)
def test_open_phrases_stop_on_a_dominant(rng: random.Random, key: Key, bars: int, taste: Harmony) -> None:
    first, *_, last = phrase_chords(rng, key, bars, 4.0, False, taste)
    assert first.chord.root == key.tonic
    assert last.chord.degree in DOMINANTS
    assert last.chord.root != key.tonic


@forall(rngs, keys, keys, bars, tastes)
def test_a_modulation_ends_on_the_new_keys_dominant_seventh(
    rng: random.Random, key: Key, arrival: Key, bars: int, taste: Harmony
) -> None:
    *before, last = phrase_chords(rng, key, bars, 4.0, False, taste, arrival)
    assert last.chord == major_dominant(arrival, notes=4)
    assert all(_belongs(span, key) for span in before)


@forall(rngs, keys, bars, st.booleans(), tastes)
def test_chords_belong_to_the_key_or_are_its_dominant(
    rng: random.Random, key: Key, bars: int, closed: bool, taste: Harmony
) -> None:
    assert all(_belongs(span, key) for span in phrase_chords(rng, key, bars, 4.0, closed, taste))


@forall(rngs, keys, bars, st.booleans())
def test_without_colour_there_are_only_triads(rng: random.Random, key: Key, bars: int, closed: bool) -> None:
    spans = phrase_chords(rng, key, bars, 4.0, closed, Harmony(0.0, 0.0, 0.5))
    assert {len(span.chord.pitch_classes) for span in spans} == {3}


def test_colour_adds_sevenths_and_ninths() -> None:
    assert _share(lambda span: len(span.chord.pitch_classes) > 3, valence=0.0, colour=0.9) > 0.7
    assert 0.1 < _share(lambda span: len(span.chord.pitch_classes) > 3, valence=0.0, colour=0.3) < 0.5


def test_valence_favours_major_chords() -> None:
    """Within one mode; the choice of the mode does the rest."""
    sad, even, glad = (_share(lambda span: span.chord.brightness == 1, valence, 0.2) for valence in (-0.9, 0.0, 0.9))
    assert sad + 0.05 < even
    assert even + 0.05 < glad


def test_chords_seldom_stand_still() -> None:
    """Inside a phrase a function is followed by another chord more often than by the same one."""
    same = [
        a.chord.root == b.chord.root
        for seed in range(200)
        for a, b in pairwise(_phrase(seed, mode=seed % 6, valence=0.0, colour=0.3))
    ]
    assert sum(same) / len(same) < 0.2


def test_minor_keys_borrow_the_leading_note_only_as_often_as_asked() -> None:
    def borrowed(leading_note: float) -> int:
        taste = Harmony(0.0, 0.0, leading_note)
        phrases = [phrase_chords(random.Random(s), Key(9, 1), 4, 4.0, True, taste) for s in range(100)]
        return sum(8 in span.chord.pitch_classes for phrase in phrases for span in phrase)

    assert borrowed(0.0) == 0
    assert borrowed(0.3) < borrowed(0.9)


def _phrase(seed: int, mode: int, valence: float, colour: float) -> list[Span]:
    return phrase_chords(
        random.Random(seed), Key(seed % 12, mode), 4, 4.0, seed % 2 == 1, Harmony(valence, colour, 0.35)
    )


def _share(wanted: Callable[[Span], bool], valence: float, colour: float) -> float:
    spans = [span for seed in range(200) for span in _phrase(seed, seed % 6, valence, colour)]
    return sum(wanted(span) for span in spans) / len(spans)


def _belongs(span: Span, key: Key) -> bool:
    chord = span.chord
    dominant = set(chord.pitch_classes) <= set(major_dominant(key, notes=4).pitch_classes)
    return dominant or (chord.root == chord_on(key, chord.degree).root and set(chord.pitch_classes) <= set(key.scale))
