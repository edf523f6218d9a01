"""Melodies: a motif laid over a phrase's chords, shaped as an arc, closed by a cadence."""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from dataclasses import dataclass, replace

from musicmed_desktop.engines.builtin.harmony import Span
from musicmed_desktop.engines.builtin.modes import Key
from musicmed_desktop.engines.builtin.motif import SLOTS_PER_BEAT, Motif


@dataclass(frozen=True)
class Tone:
    """A note in beats from the phrase's start; `accent` 0 to 1."""

    start: float
    length: float
    pitch: int
    accent: float


@dataclass(frozen=True)
class Line:
    """What a melody must keep to: its key, range, centre (MIDI), beats a bar and notes a bar."""

    key: Key
    low: int
    high: int
    centre: float
    beats: int
    notes_per_bar: float


def phrase_melody(
    rng: random.Random, line: Line, chords: list[Span], motifs: tuple[Motif, Motif], closed: bool
) -> list[Tone]:
    """The melody of one phrase: motif, its answer, a contrast, a cadence."""
    bars = len(chords)
    shapes = _shapes(rng, motifs, bars)
    tones: list[Tone] = []
    previous = line.centre
    for bar, span in enumerate(chords):
        arc = math.sin(math.pi * (bar + 0.7) / bars)  # rises to the phrase's middle and falls again
        anchor = _nearest(_chord_pitches(line, span), 0.45 * previous + 0.55 * (line.centre - 2.0 + 5.0 * arc))
        last = bar == bars - 1
        new = _cadence(rng, line, span, anchor, closed) if last else _bar(rng, line, span, anchor, shapes[bar])
        tones += new
        previous = new[-1].pitch
    return _singable(tones)


def _singable(tones: list[Tone]) -> list[Tone]:
    """The same tones with leaps of more than an octave folded into it."""
    sung = tones[:1]
    for tone in tones[1:]:
        pitch, before = tone.pitch, sung[-1].pitch
        while abs(pitch - before) > 12:
            pitch += 12 if pitch < before else -12
        sung.append(replace(tone, pitch=pitch))
    return sung


def _shapes(rng: random.Random, motifs: tuple[Motif, Motif], bars: int) -> list[Motif]:
    first, second = motifs
    answer = first.varied(rng) if rng.random() < 0.6 else first
    contrast = rng.choice((second, first.inverted(), second.varied(rng)))
    order = [first, answer, contrast, first, contrast]
    return order[: bars - 1]


def _bar(rng: random.Random, line: Line, span: Span, anchor: int, motif: Motif) -> list[Tone]:
    scale = line.key.pitches(line.low, line.high)
    onsets = motif.onsets(_rounded(rng, line.notes_per_bar))
    shape = [motif.steps[slot] for slot in onsets]
    home = _fitting(bisect_left(scale, anchor), shape, len(scale))
    tones = []
    for here, after in zip(onsets, [*onsets[1:], line.beats * SLOTS_PER_BEAT], strict=True):
        pitch = scale[max(0, min(len(scale) - 1, home + motif.steps[here]))]
        strong = here % (2 * SLOTS_PER_BEAT) == 0
        if strong:
            pitch = _nearest(_chord_pitches(line, span), pitch)
        length = min((after - here) / SLOTS_PER_BEAT, 3.0)
        tones.append(Tone(span.start + here / SLOTS_PER_BEAT, length, pitch, 1.0 if strong else 0.5))
    return tones


def _fitting(home: int, shape: list[int], notes: int) -> int:
    """The place in a scale of so many notes, near `home`, from which the whole shape lies inside it."""
    home -= max(0, home + max(shape) - (notes - 1))
    return home + max(0, -(home + min(shape)))


def _cadence(rng: random.Random, line: Line, span: Span, anchor: int, closed: bool) -> list[Tone]:
    """One approach note and a long one: the tonic when closed, a note of the dominant when open."""
    goals = [p for p in _chord_pitches(line, span) if not closed or p % 12 == line.key.tonic]
    goal = _nearest(goals or _chord_pitches(line, span), anchor)
    hold = line.beats - 0.5  # a breath before the next phrase
    if line.notes_per_bar < 2.5:
        return [Tone(span.start, hold, goal, 0.8)]
    above = line.key.pitches(goal + 1, min(goal + 3, line.high))
    neighbour = _nearest(above or [goal], goal + rng.choice((1, 2)))
    return [
        Tone(span.start, 1.0, neighbour, 0.8),
        Tone(span.start + 1.0, hold - 1.0, goal, 0.6),
    ]


def _rounded(rng: random.Random, value: float) -> int:
    """Rounded up or down by chance, so that the mean over many bars is `value`."""
    return int(value + rng.random())


def _chord_pitches(line: Line, span: Span) -> list[int]:
    classes = set(span.chord.pitch_classes[:3])
    return [pitch for pitch in range(line.low, line.high + 1) if pitch % 12 in classes]


def _nearest(pitches: list[int], to: float) -> int:
    return min(pitches, key=lambda pitch: (abs(pitch - to), pitch))
