"""From beats to seconds, and from a passage to its score."""

from __future__ import annotations

from musicmed_desktop.engines.builtin.composer import Passage
from musicmed_desktop.engines.builtin.mixer import TimedNote
from musicmed_desktop.engines.builtin.piece import BEATS
from musicmed_desktop.engines.score import Bar, Note, Score


def perform(passage: Passage) -> list[TimedNote]:
    """The passage's notes in seconds from its first beat."""
    starts = passage.bar_lines
    tempi = [*(bar.bpm for bar in passage.bars), passage.bars[-1].bpm]  # the ending goes on in the last tempo

    def seconds(beat: float) -> float:
        bar = min(len(passage.bars), int(beat // BEATS))
        return starts[bar] + (beat - bar * BEATS) * 60.0 / tempi[bar]

    return [
        TimedNote(
            voice=note.voice,
            start_s=seconds(note.start),
            length_s=seconds(note.start + note.length) - seconds(note.start),
            pitch=note.pitch,
            velocity=note.velocity,
            attack_s=note.attack_s,
            brightness=note.brightness,
        )
        for note in passage.notes
    ]


def score_of(passage: Passage) -> Score:
    """The passage as a score; the ending is a bar of its own."""
    bars = [Bar(BEATS, bar.bpm) for bar in passage.bars]
    if passage.ending_s:
        bars.append(Bar(passage.ending_s * bars[-1].bpm / 60.0, bars[-1].bpm))
    notes = sorted(
        (Note(n.voice.part, n.start, n.length, n.pitch, n.velocity) for n in passage.notes),
        key=lambda note: (note.start, note.part, note.pitch),
    )
    programs = {note.voice.part: note.voice.instrument.program for note in passage.notes}
    return Score(tuple(bars), tuple(notes), tuple(sorted(programs.items())))
