"""Arranging a phrase: its chords and melody become the notes of every part."""

from __future__ import annotations

import random
from dataclasses import dataclass

from musicmed_desktop.engines.builtin.cues import Cues
from musicmed_desktop.engines.builtin.form import PlayedBar
from musicmed_desktop.engines.builtin.harmony import Span
from musicmed_desktop.engines.builtin.melody import Line, Tone, phrase_melody
from musicmed_desktop.engines.builtin.modes import Chord, Key, chord_on
from musicmed_desktop.engines.builtin.orchestra import Voice
from musicmed_desktop.engines.builtin.patterns import bass_notes, chord_notes
from musicmed_desktop.engines.builtin.percussion import bar_of_drums
from musicmed_desktop.engines.builtin.piece import BEATS, State
from musicmed_desktop.engines.builtin.voicing import Voicing, lead_voices

_LIVELY = 3.3  # melody notes per second from which the livelier textures play


@dataclass(frozen=True)
class PlayedNote:
    """A note of a part, in beats from the clip's start; `attack_s` is for sustained tones."""

    voice: Voice
    start: float
    length: float
    pitch: int
    velocity: int
    attack_s: float
    brightness: float


def arrange(
    rng: random.Random, state: State, key: Key, bars: list[PlayedBar], chords: list[Span], closed: bool
) -> tuple[list[PlayedNote], Voicing, Voicing]:
    """The notes of one phrase, in beats from its start, and the last voicing of chords and pad."""
    notes = _melody(rng, state, key, bars, chords, closed)
    chord_voicing, pad_voicing = state.chords, state.pad
    for i, (bar, span) in enumerate(zip(bars, chords, strict=True)):
        after = chords[i + 1] if i + 1 < len(chords) else None
        shift = round((bar.cues.register - 72.0) * 0.4)
        chord_voicing = lead_voices(span.chord, chord_voicing, 50 + shift, 74 + shift)
        pad_voicing = lead_voices(span.chord, pad_voicing, 46 + shift // 2, 69 + shift // 2)
        notes += _chords(rng, state, bar, span, chord_voicing)
        notes += _pads(rng, state, key, bar, span, pad_voicing)
        notes += _bass(rng, state, bar, span, after)
        drums = bar_of_drums(rng, state.orchestra.kit, span.start, bar.cues.percussion, fill=after is None)
        notes += [_played(rng, state.orchestra.drums, bar.cues, tone) for tone in drums]
    return notes, chord_voicing, pad_voicing


def last_chord(state: State, bar: PlayedBar, start: float, seconds: float) -> list[PlayedNote]:
    """The tonic that the piece rests on: bass, pad, a slow roll, and the melody's last note."""
    rng = random.Random(0)
    chord = chord_on(Key(state.tonic, round(bar.cues.mode)), 0)
    length = (seconds - 1.8) * bar.bpm / 60.0
    voicing = lead_voices(chord, state.chords, 50, 74)
    pad = lead_voices(chord, state.pad, 46, 69)
    parts = state.orchestra
    tones = [(parts.bass, Tone(start, length, _bass_root(parts.bass, chord), 0.6))]
    tones += [(parts.pad, Tone(start, length, pitch, 0.5)) for pitch in pad]
    tones += [(parts.bed, Tone(start, length, pitch, 0.5)) for pitch in pad[:2]]
    tones += [(parts.chords, Tone(start + 0.25 * i, length, pitch, 0.4)) for i, pitch in enumerate(voicing)]
    lead = parts.leads[0]
    tonic = min(range(lead.instrument.low, lead.instrument.high + 1), key=lambda p: _far(p, chord, bar.cues))
    tones.append((lead, Tone(start + 1.0, length - 1.0, tonic, 0.4)))
    return [_played(rng, voice, bar.cues, tone) for voice, tone in tones]


def _far(pitch: int, chord: Chord, cues: Cues) -> float:
    return abs(pitch - cues.register) + (100.0 if pitch % 12 != chord.root else 0.0)


def _melody(
    rng: random.Random, state: State, key: Key, bars: list[PlayedBar], chords: list[Span], closed: bool
) -> list[PlayedNote]:
    if state.phrase % 4 == 3 and rng.random() > state.piece.style.melody:
        return []  # the melody rests for a phrase
    cues = bars[len(bars) // 2].cues
    leads = state.orchestra.leads
    voice = leads[(state.phrase // 2) % len(leads)]
    centre = min(max(cues.register, voice.instrument.low + 6.0), voice.instrument.high - 6.0)
    line = Line(
        key=key,
        low=max(voice.instrument.low, round(centre) - 12),
        high=min(voice.instrument.high, round(centre) + 12),
        centre=centre,
        beats=BEATS,
        notes_per_bar=min(7.0, max(1.0, 0.55 * cues.density * bars[0].seconds)),
    )
    motifs = state.piece.motifs if (state.phrase // 4) % 3 != 2 else state.piece.motifs[::-1]
    tones = phrase_melody(rng, line, chords, motifs, closed)
    swung = [_swung(tone, state.piece.style.swing) for tone in tones]
    return [_played(rng, voice, bars[min(len(bars) - 1, int(t.start // BEATS))].cues, t) for t in swung]


def _chords(rng: random.Random, state: State, bar: PlayedBar, span: Span, voicing: Voicing) -> list[PlayedNote]:
    texture = state.piece.style.textures[bar.cues.density >= _LIVELY]
    per_beat = 0.7 * bar.cues.density * 60.0 / bar.bpm
    tones = chord_notes(rng, texture, voicing, span, per_beat)
    return [_played(rng, state.orchestra.chords, bar.cues, _swung(t, state.piece.style.swing)) for t in tones]


def _pads(rng: random.Random, state: State, key: Key, bar: PlayedBar, span: Span, voicing: Voicing) -> list[PlayedNote]:
    held = [Tone(span.start, span.length, pitch, 0.5) for pitch in voicing]
    if rng.random() < bar.cues.dissonance - 0.3:
        held += _clash(key, span, voicing)
    notes = [_played(rng, state.orchestra.pad, bar.cues, tone) for tone in held]
    bed = [Tone(span.start, span.length, pitch, 0.5) for pitch in voicing[:2]]
    return notes + [_played(rng, state.orchestra.bed, bar.cues, tone) for tone in bed]


def _clash(key: Key, span: Span, voicing: Voicing) -> list[Tone]:
    """A note of the key a semitone away from the chord's highest possible note."""
    for pitch in reversed(voicing):
        for neighbour in (pitch + 1, pitch - 1):
            if neighbour % 12 in key.scale:
                return [Tone(span.start, span.length, neighbour, 0.4)]
    return []


def _bass(rng: random.Random, state: State, bar: PlayedBar, span: Span, after: Span | None) -> list[PlayedNote]:
    texture = state.piece.style.basses[bar.cues.density >= _LIVELY]
    low = max(28, state.orchestra.bass.instrument.low)
    tones = bass_notes(rng, texture, span, after, low, low + 20)
    return [_played(rng, state.orchestra.bass, bar.cues, tone) for tone in tones]


def _bass_root(voice: Voice, chord: Chord) -> int:
    low = max(28, voice.instrument.low) + 3
    return low + (chord.root - low) % 12


def _swung(tone: Tone, swing: float) -> Tone:
    """Off-beat eighths come later: 0.5 is straight, 0.67 a triplet."""
    late = swing - 0.5 if abs(tone.start % 1.0 - 0.5) < 0.01 else 0.0
    return Tone(tone.start + late, tone.length, tone.pitch, tone.accent)


def _played(rng: random.Random, voice: Voice, cues: Cues, tone: Tone) -> PlayedNote:
    """A human hand: time and touch differ a little from note to note."""
    sustained = voice.instrument.tone.sustained
    backing = voice.part in ("pad", "bed")
    early_or_late = 0.0 if backing else rng.gauss(0.0, 0.012 if voice.part != "drums" else 0.006)
    velocity = 68.0 + 2.6 * cues.level_db + 22.0 * (tone.accent - 0.5) + rng.gauss(0.0, 3.0)
    length = tone.length if backing or not sustained else tone.length * cues.legato
    if not sustained and voice.part == "lead":
        length = tone.length * (0.6 + 0.5 * cues.legato)  # struck and plucked tones ring on when calm
    return PlayedNote(
        voice=voice,
        start=max(0.0, tone.start + early_or_late),
        length=length,
        pitch=tone.pitch,
        velocity=int(min(120, max(18, velocity))),
        attack_s=cues.attack_s * (2.0 if backing else 0.4) if sustained else 0.0,
        brightness=cues.brightness,
    )
