from __future__ import annotations

import random
from typing import get_args

import pytest
from hypothesis import strategies as st

from musicmed_desktop.engines.builtin.harmony import Span
from musicmed_desktop.engines.builtin.modes import Key, chord_on
from musicmed_desktop.engines.builtin.patterns import bass_notes, chord_notes
from musicmed_desktop.engines.builtin.styles import BassTexture, ChordTexture
from musicmed_desktop.engines.builtin.voicing import lead_voices
from tests.engines.builtin.properties import forall

CHORD_TEXTURES: tuple[ChordTexture, ...] = get_args(ChordTexture)
BASS_TEXTURES: tuple[BassTexture, ...] = get_args(BassTexture)
LOW = 28

chords = st.builds(
    chord_on, st.builds(Key, st.integers(0, 11), st.integers(0, 5)), st.integers(0, 6), st.integers(3, 4)
)
rngs = st.integers(0, 10_000).map(random.Random)
spans = st.builds(Span, st.sampled_from((0.0, 4.0, 12.0)), st.just(4.0), chords)


@forall(rngs, st.sampled_from(CHORD_TEXTURES), spans, st.floats(0.1, 6.0))
def test_chords_stay_in_their_bar_and_in_their_harmony(
    rng: random.Random, texture: ChordTexture, span: Span, per_beat: float
) -> None:
    voicing = lead_voices(span.chord, (), 50, 74)
    tones = chord_notes(rng, texture, voicing, span, per_beat)
    assert tones
    for tone in tones:
        assert span.start <= tone.start < span.start + span.length
        assert 0.0 < tone.length <= span.length
        assert 0.0 <= tone.accent <= 1.0
        assert tone.pitch % 12 in span.chord.pitch_classes
        assert voicing[0] <= tone.pitch <= voicing[-1] + 12


@forall(rngs, st.sampled_from(BASS_TEXTURES), spans, st.one_of(st.none(), spans))
def test_the_bass_begins_on_the_root_and_stays_low(
    rng: random.Random, texture: BassTexture, span: Span, after: Span | None
) -> None:
    tones = bass_notes(rng, texture, span, after, LOW, LOW + 20)
    assert tones[0].start == span.start
    assert tones[0].pitch % 12 == span.chord.root
    for tone in tones:
        assert span.start <= tone.start < span.start + span.length
        assert LOW <= tone.pitch <= LOW + 20


@forall(rngs, spans, spans)
def test_a_walking_bass_walks_to_the_next_root(rng: random.Random, span: Span, after: Span) -> None:
    *_, last = bass_notes(rng, "walking", span, after, LOW, LOW + 20)
    assert last.start == span.start + 3.0
    assert min((last.pitch - after.chord.root) % 12, (after.chord.root - last.pitch) % 12) in (1, 2)


@forall(rngs, st.sampled_from([t for t in BASS_TEXTURES if t != "walking"]), spans)
def test_other_basses_play_notes_of_the_chord(rng: random.Random, texture: BassTexture, span: Span) -> None:
    tones = bass_notes(rng, texture, span, None, LOW, LOW + 20)
    assert {tone.pitch % 12 for tone in tones} <= set(span.chord.pitch_classes)


@pytest.mark.parametrize("texture", [t for t in CHORD_TEXTURES if t != "comp"])
def test_denser_music_strikes_more_often(texture: ChordTexture) -> None:
    span = Span(0.0, 4.0, chord_on(Key(0, 4), 0))
    voicing = lead_voices(span.chord, (), 50, 74)
    onsets = [
        len({round(tone.start * 4) for tone in chord_notes(random.Random(1), texture, voicing, span, per_beat)})
        for per_beat in (0.2, 1.0, 2.0, 4.0)
    ]
    assert onsets == sorted(onsets)
    assert onsets[0] < onsets[-1]
