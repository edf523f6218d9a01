"""Chord plans of phrases: functions first (tonic, subdominant, dominant), then chords that serve them."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from musicmed_desktop.engines.builtin.modes import Chord, Key, chord_on, major_dominant, with_ninth

# Which degrees serve as tonic, subdominant and dominant, with their weights; one row for each mode, dark to bright.
_FUNCTIONS: tuple[dict[str, dict[int, float]], ...] = (
    {"T": {0: 5, 5: 1}, "S": {3: 3, 5: 2}, "D": {1: 4, 6: 2}},
    {"T": {0: 5, 2: 1, 5: 1.5}, "S": {3: 4, 5: 2}, "D": {4: 2, 6: 2.5}},
    {"T": {0: 5, 2: 1}, "S": {3: 4, 1: 1}, "D": {6: 3, 4: 2}},
    {"T": {0: 5, 5: 1.5}, "S": {3: 4, 1: 1.5}, "D": {6: 4, 4: 1.5}},
    {"T": {0: 5, 5: 2, 2: 1}, "S": {3: 4, 1: 2}, "D": {4: 5}},
    {"T": {0: 5, 5: 2, 2: 1}, "S": {1: 4, 5: 1}, "D": {4: 4, 1: 2}},
)
_OPEN = {2: ("TD", "SD"), 4: ("TTSD", "TSTD", "TSSD"), 6: ("TTSSTD", "TSTTSD")}
_CLOSED = {2: ("DT",), 4: ("TSDT", "TTDT", "TSDT"), 6: ("TTSTDT", "TSTSDT")}


@dataclass(frozen=True)
class Span:
    """A chord and when it sounds, in beats from the phrase's start."""

    start: float
    length: float
    chord: Chord


@dataclass(frozen=True)
class Harmony:
    """How chords are chosen: `valence` favours major or minor ones; `colour` (0 to 1) adds sevenths and ninths."""

    valence: float
    colour: float
    leading_note: float  # how often a minor key borrows its major dominant


def phrase_chords(
    rng: random.Random,
    key: Key,
    bars: int,
    beats: float,
    closed: bool,
    taste: Harmony,
    arrival: Key | None = None,
) -> list[Span]:
    """One chord a bar for a phrase of 2, 4 or 6 bars of `beats`, closing on the tonic or open on a dominant.

    With `arrival` the last bar prepares that key by its dominant seventh.
    """
    functions = rng.choice((_CLOSED if closed else _OPEN)[bars])
    spans: list[Span] = []
    for bar, function in enumerate(functions):
        first_or_last = bar == 0 or (closed and bar == bars - 1)
        previous = spans[-1].chord if spans else None
        chord = chord_on(key, 0) if first_or_last else _choose(rng, key, function, previous, taste)
        spans.append(Span(bar * beats, beats, _coloured(rng, key, chord, taste)))
    if arrival is not None:
        last = spans[-1]
        spans[-1] = Span(last.start, last.length, major_dominant(arrival, notes=4))
    return spans


def _choose(rng: random.Random, key: Key, function: str, previous: Chord | None, taste: Harmony) -> Chord:
    minor = key.mode <= 2
    if function == "D" and minor and key.mode > 0 and rng.random() < taste.leading_note:
        return major_dominant(key)
    options = [(chord_on(key, degree), weight) for degree, weight in _FUNCTIONS[key.mode][function].items()]
    weights = [weight * _liking(chord, previous, taste) for chord, weight in options]
    return rng.choices([chord for chord, _ in options], weights)[0]


def _liking(chord: Chord, previous: Chord | None, taste: Harmony) -> float:
    liking = math.exp(1.3 * taste.valence * chord.brightness)
    if previous is None:
        return liking
    if chord.degree == previous.degree:
        return liking * 0.25
    return liking * (1.0 + 0.3 * chord.common_tones(previous))


def _coloured(rng: random.Random, key: Key, chord: Chord, taste: Harmony) -> Chord:
    if rng.random() >= taste.colour or chord.brightness == -2:
        return chord
    if chord.pitch_classes[1] not in key.scale:  # the borrowed dominant: a plain seventh
        return major_dominant(key, notes=4)
    ninth = with_ninth(chord)
    if chord.degree == 0 and ninth.pitch_classes[-1] in key.scale and rng.random() < 0.5:
        return ninth
    return chord_on(key, chord.degree, notes=4)
