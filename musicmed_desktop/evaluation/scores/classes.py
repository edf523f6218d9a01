"""Precision, recall and F1 of labels that a clip has or has not: mood tags, or the four quadrants."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import hamming_loss, precision_recall_fscore_support

from musicmed_desktop.evaluation.scores.tally import Floats, Tally, mean, ratio

Flags = NDArray[np.bool_]  # (clips, labels)


def class_scores(intended: Flags, heard: Flags) -> dict[str, Tally | None]:
    """The Hamming score, and the means of precision, recall and F1 over the labels (macro average).

    Labels count that occur, intended or heard; what cannot be divided is 0. In a resample those count that occur there.
    """
    precision, recall, f1, _ = precision_recall_fscore_support(
        intended, heard, labels=np.flatnonzero((intended | heard).any(axis=0)), average="macro", zero_division=0
    )
    parts = np.concatenate([intended & heard, heard, intended], axis=1).astype(np.float64)
    return {
        "precision": Tally(float(precision), parts, partial(_macro, per_heard=1, per_intended=0)),
        "recall": Tally(float(recall), parts, partial(_macro, per_heard=0, per_intended=1)),
        "f1": Tally(float(f1), parts, partial(_macro, per_heard=1, per_intended=1)),
        "hamming": mean((intended == heard).mean(axis=1), 1.0 - hamming_loss(intended, heard)),
    }


def _macro(sums: Floats, per_heard: int, per_intended: int) -> Floats:
    """The mean, over the labels that occur, of the share that was met of the heard, the intended, or both (F1)."""
    both, heard, intended = np.moveaxis(sums.reshape(*sums.shape[:-1], 3, -1), -2, 0)
    shares = ratio((per_heard + per_intended) * both, per_heard * heard + per_intended * intended, 0.0)
    present = intended + heard > 0
    return ratio(np.where(present, shares, 0.0).sum(axis=-1), present.sum(axis=-1))
