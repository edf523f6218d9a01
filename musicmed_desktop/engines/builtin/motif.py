"""Motifs: short shapes that return in a piece, thinned or filled by how active the music is."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

SLOTS_PER_BEAT = 2  # eighth notes


@dataclass(frozen=True)
class Motif:
    """One bar's shape: for each eighth its step above the bar's anchor in the scale, and its weight.

    The heaviest eighths are played; how many is the music's density. So the same motif is still known when it is
    played with two notes or with seven.
    """

    steps: tuple[int, ...]
    weights: tuple[float, ...]

    def onsets(self, notes: int) -> list[int]:
        """The `notes` heaviest slots, in time order."""
        ranked = sorted(range(len(self.weights)), key=lambda slot: -self.weights[slot])
        return sorted(ranked[: max(1, notes)])

    def inverted(self) -> Motif:
        return replace(self, steps=tuple(-step for step in self.steps))

    def varied(self, rng: random.Random) -> Motif:
        """The same rhythm with one or two notes moved: an ornament, not another motif."""
        steps = list(self.steps)
        for slot in rng.sample(range(1, len(steps)), k=rng.choice((1, 2))):
            steps[slot] += rng.choice((-1, 1))
        return replace(self, steps=tuple(steps))


def invent(rng: random.Random, beats: int) -> Motif:
    """A new motif for a bar of `beats`: mostly stepwise, one leap, a rhythm with its own accent."""
    slots = beats * SLOTS_PER_BEAT
    direction = rng.choice((-1, 1))
    leap_at = rng.randrange(1, slots)
    steps, here = [0], 0
    for slot in range(1, slots):
        if slot == leap_at:
            here += direction * rng.choice((2, 3, 4))
            direction = -direction  # a leap is balanced by steps back
        else:
            here += direction * rng.choice((0, 1, 1, 1))
        if abs(here) >= 4:
            direction = -1 if here > 0 else 1
        steps.append(here)
    weights = [_metric_weight(slot, beats) + rng.uniform(0.0, 0.9) for slot in range(slots)]
    return Motif(tuple(steps), tuple(weights))


def _metric_weight(slot: int, beats: int) -> float:
    if slot == 0:
        return 2.0
    if slot % SLOTS_PER_BEAT:
        return 0.0
    return 1.0 if beats == 4 and slot == 2 * SLOTS_PER_BEAT else 0.7
