"""Which of the intended mood tags were heard."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import hamming_loss, jaccard_score, precision_recall_fscore_support

from musicmed_desktop.affect import Affect, moods, nearest
from musicmed_desktop.evaluation.scores.tally import Tally, known, mean, ratio
from musicmed_desktop.plan.prompts import CHARACTERS

Flags = NDArray[np.bool_]


def nearest_tags(place: Affect, intended: Sequence[str]) -> tuple[str, ...]:
    """As many mood tags as are intended, the nearest first: of those that say how music feels, and the intended."""
    among = CHARACTERS.union(intended)
    near = (mood.word for mood in nearest(place, count=len(moods()), kind="tag"))
    return tuple(word for word in near if word in among)[: len(intended)]


def flags(intended: Sequence[Sequence[str]], heard: Sequence[Sequence[str]]) -> tuple[Flags, Flags]:
    """Which clip has which tag, twice (clips, tags), over all tags that say how music feels, and those that occur."""
    vocabulary = sorted(CHARACTERS.union(*intended, *heard))
    first, second = (np.array([[tag in tags for tag in vocabulary] for tags in each]) for each in (intended, heard))
    return first, second


def tag_scores(intended: Flags, heard: Flags) -> dict[str, Tally]:
    """Precision, recall, F1 (micro averages), Hamming and Jaccard (mean over the clips), over flags (clips, tags).

    Every clip must have an intended tag. Where no tag was heard the precision is 0.
    """
    if not len(intended):
        return {}
    both, either = (intended & heard).sum(axis=1), (intended | heard).sum(axis=1)
    parts = np.stack([both, heard.sum(axis=1), intended.sum(axis=1)], axis=1).astype(np.float64)
    precision, recall, f1, _ = precision_recall_fscore_support(intended, heard, average="micro", zero_division=0)
    return known(
        {
            "precision": Tally(float(precision), parts, lambda sums: ratio(sums[..., 0], sums[..., 1], 0.0)),
            "recall": Tally(float(recall), parts, lambda sums: ratio(sums[..., 0], sums[..., 2])),
            "f1": Tally(float(f1), parts, lambda sums: ratio(2 * sums[..., 0], sums[..., 1] + sums[..., 2])),
            "hamming": mean((intended == heard).mean(axis=1), 1.0 - hamming_loss(intended, heard)),
            "jaccard": mean(both / either, jaccard_score(intended, heard, average="samples")),
        }
    )
