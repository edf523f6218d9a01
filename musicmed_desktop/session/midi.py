"""The score of a whole session, and its MIDI file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from musicmed_desktop.engines.score import Bar, Note, Score

TICKS_PER_BEAT = 480
DRUMS = -1  # the program of a drum part in a Score

Clip = tuple[Score, float]  # what was played, and the clip's exit in seconds


def join_scores(clips: Sequence[Clip]) -> Score:
    """One score in which the bars of each clip, up to its exit, follow those of the clip before.

    The last clip is kept whole. A part whose program changes between clips becomes a part of its own.
    """
    bars: list[Bar] = []
    notes: list[Note] = []
    names: dict[tuple[str, int], str] = {}
    offset = 0.0
    for number, (score, exit_s) in enumerate(clips, start=1):
        kept = score.bars if number == len(clips) else _bars_until(score.bars, exit_s)
        beats = sum(bar.beats for bar in kept)
        programs = dict(score.programs)
        for note in score.notes:
            if note.start < beats:
                name = _name(names, note.part, programs[note.part])
                notes.append(replace(note, part=name, start=offset + note.start))
        bars.extend(kept)
        offset += beats
    return Score(tuple(bars), tuple(notes), tuple((name, program) for (_, program), name in names.items()))


def _bars_until(bars: Sequence[Bar], exit_s: float) -> tuple[Bar, ...]:
    """The bars that sound before `exit_s`; a bar that it cuts counts where its middle lies before it."""
    ends = accumulate(bar.seconds for bar in bars)
    return tuple(bar for bar, end in zip(bars, ends, strict=True) if end - bar.seconds / 2 < exit_s)


def _name(names: dict[tuple[str, int], str], part: str, program: int) -> str:
    if (part, program) not in names:
        others = sum(known == part for known, _ in names)
        names[part, program] = f"{part} {others + 1}" if others else part
    return names[part, program]


def midi_bytes(score: Score) -> bytes:
    """A standard MIDI file (format 1): tempo and metre of every bar, a named track for each part.

    Drum parts lie on channel 10. The same score gives the same bytes.
    """
    import symusic

    file = symusic.Score(TICKS_PER_BEAT)
    starts = accumulate((bar.beats for bar in score.bars), initial=0.0)
    previous: Bar | None = None
    for bar, start in zip(score.bars, starts, strict=False):
        if previous is None or bar.bpm != previous.bpm:
            file.tempos.append(symusic.Tempo(_ticks(start), bar.bpm))
        if previous is None or bar.beats != previous.beats:
            file.time_signatures.append(symusic.TimeSignature(_ticks(start), *_metre(bar.beats)))
        previous = bar
    for name, program in score.programs:
        track = symusic.Track(name, max(program, 0), program == DRUMS)
        for note in sorted((n for n in score.notes if n.part == name), key=lambda n: (n.start, n.pitch)):
            length = max(1, _ticks(note.length))
            track.notes.append(symusic.Note(_ticks(note.start), length, note.pitch, note.velocity))
        file.tracks.append(track)
    return bytes(file.dumps_midi())


def _ticks(beats: float) -> int:
    return round(beats * TICKS_PER_BEAT)


def _metre(beats: float) -> tuple[int, int]:
    """Numerator and denominator of a bar of `beats` quarter notes: 4 is 4/4, 4.5 is 9/8."""
    denominator = next((unit for unit in (4, 8, 16) if (beats * unit / 4).is_integer()), 32)
    return round(beats * denominator / 4), denominator
