"""Which of the intended mood tags were heard."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.metrics import jaccard_score

from musicmed_desktop.affect import Affect, moods, nearest
from musicmed_desktop.evaluation.scores.classes import Flags, class_scores
from musicmed_desktop.evaluation.scores.tally import Tally, known, mean
from musicmed_desktop.plan.prompts import CHARACTERS


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
    """Those of `class_scores`, and the Jaccard index (mean over the clips), over flags (clips, tags).

    Every clip must have an intended tag.
    """
    if not len(intended):
        return {}
    both, either = (intended & heard).sum(axis=1), (intended | heard).sum(axis=1)
    jaccard = mean(both / either, jaccard_score(intended, heard, average="samples"))
    return known({**class_scores(intended, heard), "jaccard": jaccard})
