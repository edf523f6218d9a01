from __future__ import annotations

import pytest
from hypothesis import strategies as st

from musicmed_desktop.engines.builtin.modes import MODES, Chord, Key, chord_on, major_dominant, with_ninth
from tests.engines.builtin.properties import forall

PHRYGIAN, AEOLIAN, DORIAN, MIXOLYDIAN, IONIAN, LYDIAN = range(6)
MAJOR, MINOR, DIMINISHED = 1, -1, -2

keys = st.builds(Key, st.integers(0, 11), st.integers(0, 5))


def test_modes_run_from_phrygian_to_lydian() -> None:
    assert [name for name, _ in MODES] == ["phrygian", "aeolian", "dorian", "mixolydian", "ionian", "lydian"]


@pytest.mark.parametrize("darker", range(5))
def test_each_mode_raises_one_note_by_a_semitone(darker: int) -> None:
    steps = [b - a for a, b in zip(MODES[darker][1], MODES[darker + 1][1], strict=True)]
    assert sorted(steps) == [0, 0, 0, 0, 0, 0, 1]


def test_every_mode_is_the_white_keys_from_another_note() -> None:
    white = {0, 2, 4, 5, 7, 9, 11}
    for mode, tonic in ((PHRYGIAN, 4), (AEOLIAN, 9), (DORIAN, 2), (MIXOLYDIAN, 7), (IONIAN, 0), (LYDIAN, 5)):
        assert set(Key(tonic, mode).scale) == white


@forall(keys, st.integers(0, 100), st.integers(0, 27))
def test_pitches_are_the_scale_between_two_notes(key: Key, low: int, span: int) -> None:
    pitches = key.pitches(low, low + span)
    assert pitches == sorted(set(pitches))
    assert {pitch % 12 for pitch in pitches} <= set(key.scale)
    assert all(low <= pitch <= low + span for pitch in pitches)
    assert len(pitches) == sum((low + i) % 12 in key.scale for i in range(span + 1))


@pytest.mark.parametrize(
    ("mode", "qualities"),
    [
        (IONIAN, (MAJOR, MINOR, MINOR, MAJOR, MAJOR, MINOR, DIMINISHED)),
        (AEOLIAN, (MINOR, DIMINISHED, MAJOR, MINOR, MINOR, MAJOR, MAJOR)),
        (DORIAN, (MINOR, MINOR, MAJOR, MAJOR, MINOR, DIMINISHED, MAJOR)),
        (PHRYGIAN, (MINOR, MAJOR, MAJOR, MINOR, DIMINISHED, MAJOR, MINOR)),
        (LYDIAN, (MAJOR, MAJOR, MINOR, DIMINISHED, MAJOR, MINOR, MINOR)),
        (MIXOLYDIAN, (MAJOR, MINOR, DIMINISHED, MAJOR, MINOR, MINOR, MAJOR)),
    ],
)
@pytest.mark.parametrize("tonic", [0, 7, 10])
def test_triads_have_the_qualities_of_theory(tonic: int, mode: int, qualities: tuple[int, ...]) -> None:
    assert tuple(chord_on(Key(tonic, mode), degree).brightness for degree in range(7)) == qualities


@forall(keys, st.integers(0, 6), st.integers(3, 5))
def test_chords_are_stacked_thirds_of_the_key(key: Key, degree: int, notes: int) -> None:
    chord = chord_on(key, degree, notes)
    assert len(set(chord.pitch_classes)) == notes
    assert set(chord.pitch_classes) <= set(key.scale)
    assert chord.root == key.scale[degree]
    for below, above in zip(chord.pitch_classes, chord.pitch_classes[1:], strict=False):
        assert (above - below) % 12 in (3, 4)


@forall(keys, st.integers(3, 4))
def test_the_borrowed_dominant_has_the_leading_note(key: Key, notes: int) -> None:
    chord = major_dominant(key, notes)
    assert chord.root == (key.tonic + 7) % 12
    assert chord.brightness == MAJOR
    assert (key.tonic - 1) % 12 in chord.pitch_classes
    assert len(chord.pitch_classes) == notes
    if notes == 4:  # its seventh and its leading note make the tritone that wants home
        assert (key.tonic + 5) % 12 in chord.pitch_classes


def test_a_ninth_colours_the_same_chord() -> None:
    plain = Chord(0, (0, 4, 7))
    coloured = with_ninth(plain)
    assert set(coloured.pitch_classes) == {0, 2, 4, 7}
    assert (coloured.root, coloured.brightness, coloured.degree) == (0, MAJOR, 0)


def test_common_tones_of_neighbours_on_the_circle() -> None:
    c, a, g, fis = (Chord(0, tuple((root + i) % 12 for i in shape)) for root, shape in
                    ((0, (0, 4, 7)), (9, (0, 3, 7)), (7, (0, 4, 7)), (6, (0, 4, 7))))  # fmt: skip
    assert (c.common_tones(a), c.common_tones(g), c.common_tones(fis)) == (2, 1, 0)
