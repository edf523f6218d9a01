"""The score of a whole session, and its MIDI file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby
from typing import Any

from musicmed_desktop.engines.score import Bar, Note, Score

TICKS_PER_BEAT = 480
DRUMS = -1  # the program of a drum part in a Score


def join_scores(scores: Iterable[Score]) -> Score:
    """One score in which each clip's bars follow those of the clip before.

    A part whose program changes between clips becomes a part of its own for each program.
    """
    bars: list[Bar] = []
    notes: list[Note] = []
    names: dict[tuple[str, int], str] = {}
    offset = 0.0
    for score in scores:
        programs = dict(score.programs)
        for note in score.notes:
            name = _name(names, note.part, programs[note.part])
            notes.append(replace(note, part=name, start=offset + note.start))
        bars.extend(score.bars)
        offset += sum(bar.beats for bar in score.bars)
    return Score(tuple(bars), tuple(notes), tuple((name, program) for (_, program), name in names.items()))


def _name(names: dict[tuple[str, int], str], part: str, program: int) -> str:
    if (part, program) not in names:
        others = sum(known == part for known, _ in names)
        names[part, program] = f"{part} {others + 1}" if others else part
    return names[part, program]


def midi_bytes(score: Score) -> bytes:
    """A standard MIDI file (format 1): the tempo and metre of every bar, and a named track for each part.

    Drum parts lie on channel 10. The same score gives the same bytes.
    """
    import symusic

    file: Any = symusic.Score(TICKS_PER_BEAT)  # its stubs join the three time units into one union
    for beat, bar in _changes(score.bars, lambda bar: bar.bpm):
        file.tempos.append(symusic.Tempo(_ticks(beat), bar.bpm))
    for beat, bar in _changes(score.bars, lambda bar: bar.beats):
        file.time_signatures.append(symusic.TimeSignature(_ticks(beat), *_metre(bar.beats)))
    for name, program in score.programs:
        track: Any = symusic.Track(name, max(program, 0), program == DRUMS)
        for note in sorted((n for n in score.notes if n.part == name), key=lambda n: (n.start, n.pitch)):
            length = max(1, _ticks(note.length))
            track.notes.append(symusic.Note(_ticks(note.start), length, note.pitch, note.velocity))
        file.tracks.append(track)
    return bytes(file.dumps_midi())


def _changes(bars: Sequence[Bar], what: Callable[[Bar], float]) -> Iterator[tuple[float, Bar]]:
    """The bars at which `what` of them changes, and the beat on which each begins."""
    starts = accumulate((bar.beats for bar in bars), initial=0.0)
    for _, run in groupby(zip(starts, bars, strict=False), key=lambda placed: what(placed[1])):
        yield next(run)


def _ticks(beats: float) -> int:
    return round(beats * TICKS_PER_BEAT)


def _metre(beats: float) -> tuple[int, int]:
    """Numerator and denominator of a bar of `beats` quarter notes: 4 is 4/4, 4.5 is 9/8; at most to the 32nd."""
    denominator = next((unit for unit in (4, 8, 16) if (beats * unit / 4).is_integer()), 32)
    return max(1, round(beats * denominator / 4)), denominator
