"""Short walks with the built-in composer, heard (`play`) or only written down (`write`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from musicmed_desktop.affect import Affect
from musicmed_desktop.engines.base import ClipContext, Engine, Frames, Handover
from musicmed_desktop.engines.builtin.composer import Passage, compose
from musicmed_desktop.engines.builtin.piece import State, begin
from musicmed_desktop.engines.score import Score
from musicmed_desktop.plan.step import Phase, Prompt, Step

OVERLAP_S = 1.5
PIANO_AND_STRINGS = ("piano", "strings")


@dataclass(frozen=True)
class Clip:
    context: ClipContext
    chunks: tuple[Frames, ...]
    handover: Handover

    @property
    def samples(self) -> Frames:
        return np.concatenate(self.chunks)

    @property
    def score(self) -> Score:
        assert self.handover.score is not None
        return self.handover.score


def step(
    target: Affect,
    genre: str = "ambient",
    instruments: tuple[str, ...] = PIANO_AND_STRINGS,
    index: int = 0,
    seconds: float = 30.0,
    phase: Phase = "transition",
) -> Step:
    prompt = Prompt("music", ("calm",), genre, instruments, "slow")
    return Step(index, index * seconds, seconds, target, 0.0, phase, "calm", prompt)


def play_one(engine: Engine, asked: Step, context: ClipContext) -> Clip:
    stream = engine.stream(asked, context, lambda: False)
    chunks: list[Frames] = []
    while True:
        try:
            chunks.append(next(stream))
        except StopIteration as end:
            return Clip(context, tuple(chunks), end.value)


def play(
    engine: Engine,
    targets: Sequence[Affect],
    genre: str = "ambient",
    instruments: tuple[str, ...] = PIANO_AND_STRINGS,
    seed: int = 1,
    seconds: float = 30.0,
    ends: bool = True,
) -> list[Clip]:
    """A clip for each target, the last one final where the walk `ends`."""
    clips: list[Clip] = []
    leaving, previous = targets[0], None
    for index, target in enumerate(targets):
        final = ends and index == len(targets) - 1
        context = ClipContext(1000 * seed + index, seconds, OVERLAP_S, final, leaving, previous)
        clips.append(play_one(engine, step(target, genre, instruments, index, seconds), context))
        leaving, previous = target, clips[-1].handover
    return clips


def write(
    targets: Sequence[Affect],
    genre: str = "ambient",
    instruments: tuple[str, ...] = PIANO_AND_STRINGS,
    seed: int = 1,
    seconds: float = 30.0,
    settled: bool = False,
) -> list[tuple[State, Passage]]:
    """What the composer writes for each target, with the state in which it began; no sound, no last clip."""
    state = begin(1000 * seed, step(targets[0], genre, instruments), targets[0])
    written: list[tuple[State, Passage]] = []
    for index, target in enumerate(targets):
        passage, after = compose(state, target, seconds, 1000 * seed + index, settled)
        written.append((state, passage))
        state = after
    return written
