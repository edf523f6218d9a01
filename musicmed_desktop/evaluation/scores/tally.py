"""A score together with what each clip adds to it, so that a thousand resamples cost no more than sums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Tally:
    """A score over n clips (or walks).

    `value` is the score of them all. `parts` (n, k) is what each adds; `combine` turns the sums (..., k) of any of them
    into their scores (...), NaN where there is none.
    """

    value: float
    parts: Floats
    combine: Callable[[Floats], Floats]


def mean(values: Floats, value: float | None = None) -> Tally | None:
    """The mean of those that are numbers, None where there is none; `value` is what a library found it to be."""
    there = np.isfinite(values)
    if not there.any():
        return None
    parts = np.stack([np.where(there, values, 0.0), there], axis=1)
    found = values[there].mean() if value is None else value
    return Tally(float(found), parts, lambda sums: ratio(sums[..., 0], sums[..., 1]))


def ratio(part: Floats, whole: Floats, otherwise: float = np.nan) -> Floats:
    """`part` / `whole`, and `otherwise` where the whole is 0."""
    shares: Floats = np.divide(part, whole, out=np.full(np.shape(whole), otherwise), where=whole != 0)
    return shares


def known(tallies: dict[str, Tally | None]) -> dict[str, Tally]:
    """Without those that could not be computed."""
    return {key: tally for key, tally in tallies.items() if tally is not None}
