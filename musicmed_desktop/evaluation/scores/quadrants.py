"""Whether the music was measured in the quadrant of the circumplex where it should lie."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, confusion_matrix, hamming_loss, precision_recall_fscore_support

from musicmed_desktop.affect import Affect, Quadrant, quadrant
from musicmed_desktop.evaluation.scores.tally import Floats, Tally, known, mean, ratio
from musicmed_desktop.evaluation.values import Results

QUADRANTS: tuple[Quadrant, ...] = get_args(Quadrant)
Labels = NDArray[np.int_]  # each the number of one of QUADRANTS


def labels(places: Iterable[Affect]) -> Labels:
    return np.array([QUADRANTS.index(quadrant(place)) for place in places], dtype=np.int_)


def confusion(results: Results) -> NDArray[np.int_]:
    """How many clips were intended in a quadrant (rows) and measured in one (columns), (4, 4), as in QUADRANTS."""
    intended = labels(clip.item.target for clip in results.clips)
    measured = labels(clip.measured for clip in results.clips)
    if not len(intended):
        return np.zeros((len(QUADRANTS), len(QUADRANTS)), np.int_)
    matrix: NDArray[np.int_] = confusion_matrix(intended, measured, labels=range(len(QUADRANTS)))
    return matrix


def quadrant_scores(intended: Labels, measured: Labels) -> dict[str, Tally]:
    """Accuracy, Hamming, and the means of precision, recall and F1 over the quadrants that were intended.

    The precision of a quadrant in which nothing was measured is 0. In a resample those count that it intends.
    """
    if not len(intended):
        return {}
    wanted, got = (np.eye(len(QUADRANTS))[each] for each in (intended, measured))
    parts = np.concatenate([wanted * got, got, wanted], axis=1)
    precision, recall, f1, _ = precision_recall_fscore_support(
        intended, measured, labels=np.unique(intended), average="macro", zero_division=0
    )
    return known(
        {
            "accuracy": mean((intended == measured).astype(np.float64), accuracy_score(intended, measured)),
            "precision": Tally(float(precision), parts, lambda sums: _macro(sums, 1, 0)),
            "recall": Tally(float(recall), parts, lambda sums: _macro(sums, 0, 1)),
            "f1": Tally(float(f1), parts, lambda sums: _macro(sums, 1, 1)),
            "hamming": mean((wanted == got).mean(axis=1), 1.0 - hamming_loss(wanted, got)),
        }
    )


def _macro(sums: Floats, per_got: int, per_wanted: int) -> Floats:
    """The mean, over the quadrants intended, of those met by what was measured there, or intended, or both (F1)."""
    both, got, wanted = np.moveaxis(sums.reshape(*sums.shape[:-1], 3, len(QUADRANTS)), -2, 0)
    shares = ratio((per_got + per_wanted) * both, per_got * got + per_wanted * wanted, 0.0)
    present = wanted > 0
    return ratio(np.where(present, shares, 0.0).sum(axis=-1), present.sum(axis=-1))
