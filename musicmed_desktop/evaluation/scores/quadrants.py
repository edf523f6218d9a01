"""Whether the music was measured in the quadrant of the circumplex where it should lie."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, confusion_matrix

from musicmed_desktop.affect import Affect, Quadrant, quadrant
from musicmed_desktop.evaluation.scores.classes import class_scores
from musicmed_desktop.evaluation.scores.tally import Tally, known, mean
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
    """Those of `class_scores`, and the accuracy."""
    if not len(intended):
        return {}
    wanted, got = (np.eye(len(QUADRANTS), dtype=np.bool_)[each] for each in (intended, measured))
    accuracy = mean((intended == measured).astype(np.float64), accuracy_score(intended, measured))
    return known({"accuracy": accuracy, **class_scores(wanted, got)})
