"""The built-in engine: composes, performs and renders a clip that goes on from the one before it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from itertools import chain, repeat
from pathlib import Path

import numpy as np

from musicmed_desktop.engines.base import Cancelled, CancelledError, ClipContext, Frames, Handover
from musicmed_desktop.engines.builtin.composer import Passage, compose, compose_last
from musicmed_desktop.engines.builtin.mixer import Mix, Shade, TimedNote
from musicmed_desktop.engines.builtin.orchestra import orchestrate
from musicmed_desktop.engines.builtin.performance import perform, score_of
from musicmed_desktop.engines.builtin.piece import State, begin
from musicmed_desktop.engines.builtin.sampler import SAMPLE_RATE, Sampler
from musicmed_desktop.engines.builtin.soundfonts import choose_soundfont
from musicmed_desktop.plan.step import Step

# A listener waits for the first ones, of which the master holds 2 s back; longer ones cost less.
FIRST_CHUNKS_S = (2.5, 2.0, 4.0)
CHUNK_S = 8.0
_WARM_UP_S = 3.0  # rendered before a clip begins, so that the room already sounds


@dataclass(frozen=True)
class _Memory:
    """Where the piece stands, and the notes that may still sound, in seconds from the clip's exit."""

    state: State
    notes: tuple[TimedNote, ...]


class BuiltinEngine:
    """Needs no model. Clips begin a little before a bar line with the music that was already sounding, so that the
    crossfade between two clips lies between equal sounds and ends on the bar line."""

    name = "builtin"
    tries = 4
    sample_rate = SAMPLE_RATE
    channels = 2

    def __init__(self, soundfont: Path | None = None, why: str = "") -> None:
        self.about = f"The built-in composer makes the music. {why}".rstrip()
        self._soundfont = choose_soundfont(soundfont)
        self._sampler = Sampler(self._soundfont)
        self.version = f"1.0 ({self._soundfont.stem})"

    def stream(self, step: Step, context: ClipContext, cancelled: Cancelled) -> Generator[Frames, None, Handover]:
        """See Engine.stream; the handover's score holds the clip's bars."""
        memory = context.previous.memory if context.previous is not None else None
        if isinstance(memory, _Memory):
            state, sounding, lead_in = memory.state, memory.notes, context.overlap_s
        else:
            state, sounding, lead_in = begin(context.seed, step, context.leaving), (), 0.0
        state = replace(state, orchestra=orchestrate(state.piece.style, step.prompt.instruments))
        if context.final:
            passage, after = compose_last(state, step.target, context.seconds - lead_in, context.seed), state
        else:
            wanted = context.seconds + context.overlap_s - lead_in
            settled = step.phase == "settle"
            passage, after = compose(state, step.target, wanted, context.seed, settled)
        notes = [*sounding, *(replace(n, start_s=n.start_s + lead_in) for n in perform(passage))]
        length = lead_in + passage.seconds
        shade = _shade(passage, lead_in)
        yield from self._rendered(state, notes, shade, length, cancelled)
        # On a whole frame, so that the next clip's head repeats this one's tail sample by sample.
        exit_s = length if context.final else round((length - context.overlap_s) * SAMPLE_RATE) / SAMPLE_RATE
        return Handover(exit_s, _Memory(after, _sounding_after(notes, exit_s)), score_of(passage))

    def unload(self) -> None:
        """See Engine.unload; what it holds is small, and goes with it."""

    def _rendered(
        self, state: State, notes: list[TimedNote], shade: Shade, seconds: float, cancelled: Cancelled
    ) -> Generator[Frames, None, None]:
        before = _WARM_UP_S if any(note.start_s < 0.0 for note in notes) else 0.0
        later = [replace(note, start_s=note.start_s + before) for note in notes]
        mix = Mix(self._sampler, state.piece.style, later, lambda s: shade(s - before), before + seconds)
        done = 0.0
        lengths = chain(FIRST_CHUNKS_S, repeat(CHUNK_S))
        mix.render(before)
        while done < seconds:
            if cancelled():
                raise CancelledError
            done = min(seconds, done + next(lengths))
            yield mix.render(before + done)


def _shade(passage: Passage, lead_in: float) -> Shade:
    """How bright the clip's mix is at each of its seconds: the bars' cues, joined by straight lines."""
    times = [lead_in + start for start in passage.bar_lines[:-1]]
    levels = [bar.cues.brightness for bar in passage.bars]
    return lambda second: float(np.interp(second, times, levels))


def _sounding_after(notes: list[TimedNote], exit_s: float) -> tuple[TimedNote, ...]:
    return tuple(replace(note, start_s=note.start_s - exit_s) for note in notes if note.end_s > exit_s - _WARM_UP_S)
