"""Accompaniment: how chords and bass are broken into notes."""

from __future__ import annotations

import random

from musicmed_desktop.engines.builtin.harmony import Span
from musicmed_desktop.engines.builtin.melody import Tone
from musicmed_desktop.engines.builtin.styles import BassTexture, ChordTexture
from musicmed_desktop.engines.builtin.voicing import Voicing

_COMP_FIGURES = ((0.0, 2.5), (0.0, 1.5, 3.0), (0.5, 2.0, 3.5), (0.0, 2.5, 3.5))
_ARPEGGIOS = ((0, 1, 2, 1), (0, 2, 1, 2), (0, 1, 2, 3), (0, 2, 3, 2))


def chord_notes(rng: random.Random, texture: ChordTexture, voicing: Voicing, span: Span, per_beat: float) -> list[Tone]:
    """The notes of one chord; `per_beat` is how many onsets a beat the music's density asks for."""
    if texture == "arpeggio":
        return _arpeggio(rng, voicing, span, _step(per_beat))
    if texture == "pulse":
        return _repeated(voicing, span, _step(per_beat * 1.3), length=0.6)
    if texture == "strum":
        return _strum(voicing, span, _step(per_beat * 0.8))
    if texture == "comp":
        figure = [beat for beat in rng.choice(_COMP_FIGURES) if beat < span.length]
        return [Tone(span.start + beat, 0.9, pitch, 0.5) for beat in figure for pitch in voicing]
    return _repeated(voicing, span, max(2.0, _step(per_beat * 0.5)), length=1.0)


def bass_notes(
    rng: random.Random, texture: BassTexture, span: Span, after: Span | None, low: int, high: int
) -> list[Tone]:
    """The bass under one chord, within `low` to `high`; `after` is the chord that it walks to."""
    root = _placed(span.chord.root, low, high)
    fifth = _placed(span.chord.pitch_classes[2], low, high)
    if texture == "held":
        return [Tone(span.start, span.length, root, 0.8)]
    if texture == "root_fifth":
        half = span.length / 2
        return [Tone(span.start, half, root, 0.9), Tone(span.start + half, half, fifth, 0.5)]
    if texture == "pulse":
        return [Tone(s, 0.45, root, 0.9 if s % 1 == 0 else 0.5) for s in _grid(span, 0.5)]
    goal = _placed(after.chord.root, low, high) if after else root
    return _walk(rng, span, root, goal, low, high)


def _walk(rng: random.Random, span: Span, root: int, goal: int, low: int, high: int) -> list[Tone]:
    """Root, chord notes, and a neighbour of the next root on the last beat."""
    beats = _grid(span, 1.0)
    middle = [_placed(pitch_class, low, high) for pitch_class in span.chord.pitch_classes[1:3]]
    line = [root, *(rng.choice(middle) for _ in beats[1:-1]), goal + rng.choice((-1, 1, 2, -2))]
    return [Tone(beat, 0.95, pitch, 0.7) for beat, pitch in zip(beats, line[-len(beats) :], strict=True)]


def _arpeggio(rng: random.Random, voicing: Voicing, span: Span, step: float) -> list[Tone]:
    order = rng.choice(_ARPEGGIOS)
    notes = (*voicing, voicing[0] + 12)
    tones = []
    for i, start in enumerate(_grid(span, step)):
        pitch = notes[order[i % len(order)] % len(notes)]
        rings = min(2.0 * step, span.start + span.length - start)
        tones.append(Tone(start, rings, pitch, 0.7 if i % len(order) == 0 else 0.4))
    return tones


def _repeated(voicing: Voicing, span: Span, step: float, length: float) -> list[Tone]:
    return [
        Tone(start, min(step, span.length) * length, pitch, 0.7 if start == span.start else 0.45)
        for start in _grid(span, step)
        for pitch in voicing
    ]


def _strum(voicing: Voicing, span: Span, step: float) -> list[Tone]:
    """Strings sound one after the other, 0.03 beats apart: down on the beat, up between."""
    tones = []
    for i, start in enumerate(_grid(span, max(0.5, step))):
        down = start % 1 == 0
        for j, pitch in enumerate(voicing if down else voicing[::-1][:3]):
            tones.append(Tone(start + 0.03 * j, max(0.5, step), pitch, 0.75 if i == 0 else (0.55 if down else 0.35)))
    return tones


def _grid(span: Span, step: float) -> list[float]:
    return [span.start + i * step for i in range(max(1, round(span.length / step)))]


def _step(per_beat: float) -> float:
    """The even note value, in beats, that comes nearest to `per_beat` onsets a beat."""
    return min((4.0, 2.0, 1.0, 0.5, 0.25), key=lambda step: abs(1.0 / step - per_beat))


def _placed(pitch_class: int, low: int, high: int) -> int:
    """The lowest note of a pitch class in the upper part of the bass's range that is still low."""
    return low + 3 + (pitch_class - low - 3) % 12 if low + 14 <= high else low + (pitch_class - low) % 12
