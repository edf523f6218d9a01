"""What is learnt from: windows of tracks as codes, with captions that vary from time to time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING, get_args

import torch
from torch import Tensor

from musicmed_desktop.affect import Quadrant, quadrant
from musicmed_desktop.training.balance import Balanced
from musicmed_desktop.training.captions import affect_of, caption
from musicmed_desktop.training.dataset.track import Source, Track
from musicmed_desktop.training.recipe import Recipe

if TYPE_CHECKING:
    from musicmed_desktop.training.codes.cache import CodeCache


@dataclass(frozen=True, eq=False)
class Example:
    """One window of a track: its codes [K, T], and where its moods lie."""

    track: Track
    bpm: float | None
    quadrant: Quadrant
    codes: Tensor


@dataclass(frozen=True, eq=False)
class Lesson:
    """An example with the caption that it has this time; None where it was dropped."""

    codes: Tensor
    caption: str | None


def examples(sources: Iterable[Source], cache: CodeCache) -> tuple[Example, ...]:
    """All windows of the tracks whose codes are there."""
    found = []
    for source in sources:
        place, kept = affect_of(source.track.moods), cache.read(source.track.id)
        if kept is not None and place is not None:
            windows = torch.from_numpy(kept.codes.astype("int16"))  # a quarter of the memory, for as long as they wait
            found += [Example(source.track, kept.bpm, quadrant(place), codes) for codes in windows]
    return tuple(found)


def by_quadrant(all_examples: Iterable[Example]) -> Mapping[Quadrant, int]:
    """How many there are in each quadrant."""
    counted = Counter(example.quadrant for example in all_examples)
    return {name: counted[name] for name in get_args(Quadrant)}


def digest(all_examples: Iterable[Example]) -> str:
    """Tells whether they are the same ones, in the same order."""
    found = sha256()
    for example in all_examples:
        found.update(f"{example.track} {example.bpm}".encode())
        found.update(example.codes.numpy().tobytes())
    return found.hexdigest()[:16]


class Lessons:
    """The lessons of a training by number; the same ones whenever they are asked for, so that it can go on."""

    def __init__(self, learnt: Sequence[Example], recipe: Recipe) -> None:
        self._examples, self._recipe = learnt, recipe
        self._order = Balanced([example.quadrant for example in learnt], recipe.seed)

    def of_step(self, step: int) -> list[Lesson]:
        """The batch of a step, which is counted from 0."""
        first = step * self._recipe.batch
        return [self._lesson(number) for number in range(first, first + self._recipe.batch)]

    def _lesson(self, number: int) -> Lesson:
        example = self._examples[self._order.draw(number)]
        chance = Random(f"{self._recipe.seed} caption {number}")
        if chance.random() < self._recipe.caption_dropout:
            return Lesson(example.codes.long(), None)
        words = caption(example.track, example.bpm, chance, self._recipe.tag_dropout)
        return Lesson(example.codes.long(), words)


def selected(all_examples: Sequence[Example], most: int) -> tuple[Example, ...]:
    """At most `most` of them, as many of each quadrant as can be, spread over its tracks."""
    quadrants = [[example for example in all_examples if example.quadrant == name] for name in get_args(Quadrant)]
    share = -(-most // sum(1 for group in quadrants if group)) if all_examples else 0
    return tuple(example for group in quadrants for example in _spread(group, share))


def _spread(group: Sequence[Example], count: int) -> list[Example]:
    return [group[n * len(group) // count] for n in range(count)] if len(group) > count else list(group)
