from __future__ import annotations

import random
from itertools import combinations, pairwise

from hypothesis import strategies as st

from musicmed_desktop.engines.builtin.harmony import Harmony, phrase_chords
from musicmed_desktop.engines.builtin.modes import Chord, Key, chord_on, with_ninth
from musicmed_desktop.engines.builtin.voicing import Voicing, lead_voices
from tests.engines.builtin.properties import forall

LOW, HIGH = 50, 74

keys = st.builds(Key, st.integers(0, 11), st.integers(0, 5))
chords = st.builds(chord_on, keys, st.integers(0, 6), st.integers(3, 4))
coloured = st.one_of(chords, st.builds(chord_on, keys, st.integers(0, 6), st.just(5)), chords.map(with_ninth))


@forall(coloured, coloured)
def test_voicings_rise_within_their_range_and_spell_the_chord(first: Chord, second: Chord) -> None:
    previous: Voicing = ()
    for chord in (first, second):
        voicing = lead_voices(chord, previous, LOW, HIGH)
        assert all(a < b for a, b in pairwise(voicing))
        assert voicing[0] >= LOW
        assert voicing[-1] <= HIGH
        assert {pitch % 12 for pitch in voicing} == set(chord.pitch_classes[:4])
        previous = voicing


@forall(chords, chords, examples=60)
def test_no_close_voicing_moves_less(first: Chord, second: Chord) -> None:
    previous = lead_voices(first, (), LOW, HIGH)
    led = lead_voices(second, previous, LOW, HIGH)
    assert _movement(previous, led) <= min(_movement(previous, other) for other in _close(second)) + 1e-9


@forall(chords)
def test_a_chord_that_stays_stands_still(chord: Chord) -> None:
    voicing = lead_voices(chord, (), LOW, HIGH)
    assert lead_voices(chord, voicing, LOW, HIGH) == voicing


@forall(chords)
def test_the_first_chord_lies_in_the_middle(chord: Chord) -> None:
    voicing = lead_voices(chord, (), LOW, HIGH)
    assert abs(sum(voicing) / len(voicing) - (LOW + HIGH) / 2) <= 6.0


def test_led_voices_move_far_less_than_blocks() -> None:
    led, blocks = 0.0, 0.0
    for seed in range(20):
        spans = phrase_chords(random.Random(seed), Key(seed % 12, 4), 6, 4.0, True, Harmony(0.0, 0.3, 0.3))
        voicing: Voicing = ()
        block: Voicing = ()
        for chord in (span.chord for span in spans):
            after = lead_voices(chord, voicing, LOW, HIGH)
            root = LOW + (chord.root - LOW) % 12
            standing = tuple(root + (pitch - chord.root) % 12 for pitch in chord.pitch_classes[:4])
            if voicing:
                led += _movement(voicing, after)
                blocks += _movement(block, standing)
            voicing, block = after, standing
    assert led < 0.6 * blocks


def _close(chord: Chord) -> list[Voicing]:
    """Every voicing of a chord in the range within an octave, by trying all sets of notes."""
    classes = set(chord.pitch_classes[:4])
    notes = [pitch for pitch in range(LOW, HIGH + 1) if pitch % 12 in classes]
    found = combinations(notes, len(classes))
    return [v for v in found if v[-1] - v[0] < 12 and {pitch % 12 for pitch in v} == classes]


def _movement(one: Voicing, other: Voicing) -> float:
    """Mean semitones from each note to the nearest of the other chord, there and back."""

    def way(start: Voicing, goal: Voicing) -> float:
        return sum(min(abs(a - b) for b in goal) for a in start) / len(start)

    return way(one, other) + way(other, one)
