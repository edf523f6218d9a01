"""What the scores are made of."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.evaluation.values import Heard, Results, Walk

T = TypeVar("T")


@dataclass(frozen=True)
class Material:
    """The clips of a condition, those of them that CLAP heard, and its walks."""

    clips: tuple[Heard, ...]
    by_clap: tuple[Heard, ...]
    walks: tuple[Walk, ...]

    @property
    def embeddings(self) -> NDArray[np.float32]:
        """What CLAP heard, (n, d)."""
        return np.stack([clip.embedding for clip in self.by_clap if clip.embedding is not None])


def material(results: Results) -> Material:
    by_clap = (clip for clip in results.clips if clip.clap_score is not None and clip.embedding is not None)
    return Material(results.clips, tuple(by_clap), results.walks)


def shared(base: Results, tuned: Results) -> tuple[Material, Material]:
    """What both have, in the same order: clips of the same key, walks of the same start, target and seed."""
    first, second = material(base), material(tuned)
    clips = _paired(first.clips, second.clips, _key)
    by_clap = _paired(first.by_clap, second.by_clap, _key)
    walks = _paired(first.walks, second.walks, _way)
    return Material(clips[0], by_clap[0], walks[0]), Material(clips[1], by_clap[1], walks[1])


def _key(clip: Heard) -> str:
    return clip.item.key


def _way(walk: Walk) -> tuple[str, str, int]:
    return walk.start, walk.target, walk.seed


def _paired(
    first: Iterable[T], second: Iterable[T], key: Callable[[T], Hashable]
) -> tuple[tuple[T, ...], tuple[T, ...]]:
    others = {key(each): each for each in second}
    pairs = [(each, others[key(each)]) for each in first if key(each) in others]
    return tuple(mine for mine, _ in pairs), tuple(other for _, other in pairs)
