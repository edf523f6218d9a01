from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import strategies as st

from musicmed_desktop.engines.builtin.harmony import Harmony, Span, phrase_chords
from musicmed_desktop.engines.builtin.melody import Line, Tone, phrase_melody
from musicmed_desktop.engines.builtin.modes import Key
from musicmed_desktop.engines.builtin.motif import Motif, invent
from tests.engines.builtin.properties import forall

BEATS = 4


@dataclass(frozen=True)
class Phrase:
    line: Line
    chords: list[Span]
    tones: list[Tone]
    closed: bool

    def chord_at(self, tone: Tone) -> Span:
        return self.chords[min(len(self.chords) - 1, int(tone.start // BEATS))]

    @property
    def last_bar(self) -> float:
        return BEATS * (len(self.chords) - 1.0)


def phrase(
    seed: int, closed: bool = True, bars: int = 4, per_bar: float = 4.0, centre: float = 72.0, reach: int = 12
) -> Phrase:
    rng = random.Random(seed)
    key = Key(rng.randrange(12), rng.randrange(6))
    chords = phrase_chords(rng, key, bars, float(BEATS), closed, Harmony(rng.uniform(-1, 1), rng.random(), 0.35))
    line = Line(key, round(centre) - reach, round(centre) + reach, centre, BEATS, per_bar)
    tones = phrase_melody(rng, line, chords, (invent(rng, BEATS), invent(rng, BEATS)), closed)
    return Phrase(line, chords, tones, closed)


phrases = st.builds(
    phrase,
    st.integers(0, 100_000),
    st.booleans(),
    st.sampled_from((2, 4, 6)),
    st.floats(1.0, 7.0),
    st.floats(60.0, 82.0),
    st.sampled_from((6, 9, 12)),
)


@forall(phrases)
def test_tones_lie_in_range_and_in_key_or_chord(phrase: Phrase) -> None:
    line = phrase.line
    for tone in phrase.tones:
        assert line.low <= tone.pitch <= line.high
        assert tone.pitch % 12 in {*line.key.scale, *phrase.chord_at(tone).chord.pitch_classes}


@forall(phrases)
def test_one_voice_one_note_at_a_time(phrase: Phrase) -> None:
    assert phrase.tones[0].start == 0.0
    for tone, after in pairwise(phrase.tones):
        assert tone.length > 0.0
        assert tone.start + tone.length <= after.start + 1e-9
    last = phrase.tones[-1]
    assert last.start + last.length < BEATS * len(phrase.chords)  # a breath before the next phrase


@forall(phrases)
def test_strong_beats_carry_chord_tones(phrase: Phrase) -> None:
    """But for the suspension of the cadence, which is tested below."""
    for tone in phrase.tones:
        if tone.start % 2 == 0 and tone.start < phrase.last_bar:
            assert tone.pitch % 12 in phrase.chord_at(tone).chord.pitch_classes


@forall(phrases)
def test_a_suspension_falls_by_step_to_a_chord_tone(phrase: Phrase) -> None:
    *approach, goal = [tone for tone in phrase.tones if tone.start >= phrase.last_bar]
    chord = phrase.chords[-1].chord.pitch_classes
    assert goal.pitch % 12 in chord
    for tone in approach:
        assert 0 <= tone.pitch - goal.pitch <= 3


@forall(phrases)
def test_no_leap_is_wider_than_an_octave(phrase: Phrase) -> None:
    for tone, after in pairwise(phrase.tones):
        assert abs(tone.pitch - after.pitch) <= 12


def test_the_wildest_motif_is_folded_into_the_octave() -> None:
    """As thinned motifs and their variations may leap by more steps than a voice can."""
    wild = Motif((0, 7, -7, 6, -6, 7, -7, 0), tuple(8.0 - slot for slot in range(8)))
    key = Key(0, 4)
    for seed in range(20):
        rng = random.Random(seed)
        chords = phrase_chords(rng, key, 4, float(BEATS), True, Harmony(0.0, 0.0, 0.0))
        tones = phrase_melody(rng, Line(key, 60, 84, 72.0, BEATS, 7.0), chords, (wild, wild), True)
        assert max(abs(a.pitch - b.pitch) for a, b in pairwise(tones)) <= 12
        assert all(60 <= tone.pitch <= 84 and tone.pitch % 12 in key.scale for tone in tones)


def test_steps_outnumber_leaps() -> None:
    moves = [
        abs(a.pitch - b.pitch)
        for seed in range(100)
        for a, b in pairwise(phrase(seed, per_bar=1.0 + seed % 6).tones)
        if a.pitch != b.pitch
    ]
    assert sum(move <= 4 for move in moves) > 0.65 * len(moves)
    assert sum(move > 7 for move in moves) < 0.08 * len(moves)


@forall(st.integers(0, 100_000), st.sampled_from((2, 4, 6)), st.floats(1.0, 7.0))
def test_closed_phrases_rest_on_the_tonic(seed: int, bars: int, per_bar: float) -> None:
    made = phrase(seed, True, bars, per_bar)
    assert made.tones[-1].pitch % 12 == made.line.key.tonic
    assert made.tones[-1].length >= 2.0


@forall(st.integers(0, 100_000), st.sampled_from((4, 6)), st.floats(1.0, 7.0))
def test_open_phrases_ask_on_a_note_of_the_dominant(seed: int, bars: int, per_bar: float) -> None:
    made = phrase(seed, False, bars, per_bar)
    assert made.tones[-1].pitch % 12 in made.chords[-1].chord.pitch_classes


@pytest.mark.parametrize("per_bar", [1.0, 2.5, 4.0, 5.4, 7.0])
def test_density_follows_the_notes_asked_for(per_bar: float) -> None:
    made = [phrase(seed, per_bar=per_bar) for seed in range(80)]
    counts = [sum(tone.start < p.last_bar for tone in p.tones) / (len(p.chords) - 1) for p in made]
    assert sum(counts) / len(counts) == pytest.approx(per_bar, abs=0.25)


@pytest.mark.parametrize("per_bar", [2.0, 3.0, 5.0])
def test_the_motif_returns_in_its_phrase(per_bar: float) -> None:
    """Bars 1, 2 and, in a phrase of six, 4 share a rhythm: the motif, its answer, its return."""
    for seed in range(30):
        rhythm = _rhythms(phrase(seed, bars=6, per_bar=per_bar))
        assert rhythm[0] == rhythm[1] == rhythm[3]


def test_phrases_rise_to_their_middle() -> None:
    edges, middle = [], []
    for seed in range(150):
        tones = phrase(seed, bars=6).tones
        edges += [tone.pitch for tone in tones if not 4 <= tone.start < 20]
        middle += [tone.pitch for tone in tones if 8 <= tone.start < 16]
    assert sum(middle) / len(middle) > sum(edges) / len(edges) + 0.5


@pytest.mark.parametrize("centre", [62.0, 70.0, 80.0])
def test_melodies_move_around_their_register(centre: float) -> None:
    pitches = [tone.pitch for seed in range(60) for tone in phrase(seed, centre=centre).tones]
    assert sum(pitches) / len(pitches) == pytest.approx(centre, abs=2.0)


def test_a_seed_is_a_melody_and_another_another() -> None:
    assert phrase(5).tones == phrase(5).tones
    assert len({tuple(phrase(seed).tones) for seed in range(30)}) == 30


def _rhythms(made: Phrase) -> list[tuple[float, ...]]:
    bars = range(len(made.chords))
    return [tuple(t.start % BEATS for t in made.tones if t.start // BEATS == bar) for bar in bars]
