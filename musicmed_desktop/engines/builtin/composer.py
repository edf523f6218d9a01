"""Composing a clip: phrase by phrase, each part from the same chords."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from itertools import accumulate

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.builtin.arrange import PlayedNote, arrange, last_chord
from musicmed_desktop.engines.builtin.form import PlayedBar, lay_bars, lay_last_bars, phrase_lengths
from musicmed_desktop.engines.builtin.harmony import Harmony, phrase_chords
from musicmed_desktop.engines.builtin.modes import Key
from musicmed_desktop.engines.builtin.piece import BEATS, PHRASES_PER_KEY, State

_READING = 0.10  # how far, in affect, one take's reading may lie from another's


@dataclass(frozen=True)
class Passage:
    """A composed clip: its bars, its notes in beats, how long its last chord rings (0 but for the last clip)."""

    bars: tuple[PlayedBar, ...]
    notes: tuple[PlayedNote, ...]
    ending_s: float = 0.0

    @property
    def bar_lines(self) -> list[float]:
        """Seconds from the start: where each bar begins, and where the last one ends."""
        return list(accumulate((bar.seconds for bar in self.bars), initial=0.0))

    @property
    def seconds(self) -> float:
        return self.bar_lines[-1] + self.ending_s


def compose(state: State, target: Affect, seconds: float, seed: int, settled: bool) -> tuple[Passage, State]:
    """The next clip of the piece, of about `seconds`; `settled` keeps the key where it is."""
    rng = random.Random(f"clip {seed}")
    aim = _reading(rng, target)
    bars = lay_bars(state.aim, aim, state.bpm, seconds)
    notes, state = _phrases(rng, state, bars, settled)
    return Passage(tuple(bars), tuple(notes)), replace(state, aim=aim, bpm=bars[-1].bpm)


def compose_last(state: State, target: Affect, seconds: float, seed: int) -> Passage:
    """The last clip, exactly `seconds` long: the piece comes to rest on its tonic."""
    rng = random.Random(f"clip {seed}")
    bars, ending = lay_last_bars(state.aim, _reading(rng, target), state.bpm, seconds)
    notes, state = _phrases(rng, state, bars, settled=True)
    notes += last_chord(state, bars[-1], start=BEATS * len(bars), seconds=ending)
    return Passage(tuple(bars), tuple(notes), ending)


def _phrases(rng: random.Random, state: State, bars: list[PlayedBar], settled: bool) -> tuple[list[PlayedNote], State]:
    notes: list[PlayedNote] = []
    first = 0
    for length in phrase_lengths(len(bars)):
        played, state = _phrase(rng, state, bars[first : first + length], settled)
        notes += [replace(note, start=note.start + BEATS * first) for note in played]
        first += length
    return notes, state


def _phrase(rng: random.Random, state: State, bars: list[PlayedBar], settled: bool) -> tuple[list[PlayedNote], State]:
    middle = bars[len(bars) // 2]
    key = Key(state.tonic, _mode(rng, middle.cues.mode))
    after = state.piece.tonic(state.phrase + 1) if not settled else state.tonic
    leaves = (state.phrase + 1) % PHRASES_PER_KEY == 0 and after != state.tonic
    closed = (settled or not leaves) and state.phrase % 2 == 1
    plain = 1.0 - 0.6 * abs(middle.affect.valence)  # joy and grief speak in plain triads
    taste = Harmony(middle.affect.valence, state.piece.style.colour * plain, leading_note=0.35)
    arrival = Key(after, key.mode) if leaves else None
    chords = phrase_chords(rng, key, len(bars), float(BEATS), closed, taste, arrival)
    notes, chord_voicing, pad_voicing = arrange(rng, state, key, bars, chords, closed)
    tonic = after if leaves else state.tonic
    return notes, replace(state, phrase=state.phrase + 1, tonic=tonic, chords=chord_voicing, pad=pad_voicing)


def _mode(rng: random.Random, brightness: float) -> int:
    """Between two modes chance decides, so that over many phrases their share is the cue's."""
    return min(5, int(brightness + rng.random()))


def _reading(rng: random.Random, target: Affect) -> Affect:
    """Each take reads the target a little differently, so that there is something to choose between."""
    return Affect.clipped(target.valence + rng.gauss(0.0, _READING), target.arousal + rng.gauss(0.0, _READING))
