"""Frechet audio distance (Kilgour et al. 2019, arXiv 1812.08466), over CLAP's embeddings."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr, svdvals

from musicmed_desktop.evaluation.scores.tally import Floats


def frechet_distance(sounds: NDArray[np.floating], reference: NDArray[np.floating]) -> float:
    """The squared Frechet distance between two sets of embeddings, (n, d) and (m, d), each of two or more.

    That is |a - b|^2 + tr(A + B - 2 (A B)^(1/2)), with means a and b, covariances A and B. Sets that are small beside d
    give too large a distance, which falls as they grow: only sets of equal size compare.
    """
    first, second = np.asarray(sounds, np.float64), np.asarray(reference, np.float64)
    apart = first.mean(axis=0) - second.mean(axis=0)
    root, other = _root(first), _root(second)
    # With A = X'X and B = Y'Y the eigenvalues of A B are the squares of the singular values of X Y': no square root of
    # a matrix is needed, and none that is singular, as covariances of fewer than d sounds are.
    shared = svdvals(root @ other.T).sum()
    distance = apart @ apart + np.square(root).sum() + np.square(other).sum() - 2.0 * shared
    return max(0.0, float(distance))


def _root(sounds: Floats) -> Floats:
    """A matrix X of at most d rows for which X'X is the (unbiased) covariance of the sounds."""
    centred = (sounds - sounds.mean(axis=0)) / math.sqrt(len(sounds) - 1)
    (triangle,) = qr(centred, mode="r")
    return np.asarray(triangle[: centred.shape[1]], np.float64)
