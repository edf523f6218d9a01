"""Smooth curves through noisy positions."""

from __future__ import annotations

import math
from collections.abc import Sequence

from musicmed_desktop.session.svg import Position

SUBDIVISIONS = 8  # straight pieces between two positions


def smoothed(positions: Sequence[Position]) -> list[Position]:
    """Each position as the Gaussian mean of its neighbours in time; the ends lean on what they have."""
    spread = max(len(positions) / 22, min(1.0, len(positions) / 8))  # standard deviation in clips
    means = []
    for at in range(len(positions)):
        weights = [math.exp(-0.5 * ((at - other) / spread) ** 2) for other in range(len(positions))]
        total = sum(weights)
        x = sum(w * p[0] for w, p in zip(weights, positions, strict=True)) / total
        y = sum(w * p[1] for w, p in zip(weights, positions, strict=True)) / total
        means.append((x, y))
    return means


def spline(positions: Sequence[Position]) -> list[Position]:
    """A Catmull-Rom spline (1974) through the positions, `SUBDIVISIONS` pieces from each to the next."""
    if len(positions) < 2:
        return list(positions)
    padded = [positions[0], *positions, positions[-1]]
    spans = zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
    shares = [n / SUBDIVISIONS for n in range(SUBDIVISIONS)]
    return [_between(span, share) for span in spans for share in shares] + [positions[-1]]


def _between(span: Sequence[Position], t: float) -> Position:
    weights = (
        (-(t**3) + 2 * t**2 - t) / 2,
        (3 * t**3 - 5 * t**2 + 2) / 2,
        (-3 * t**3 + 4 * t**2 + t) / 2,
        (t**3 - t**2) / 2,
    )
    x, y = (sum(w * p[axis] for w, p in zip(weights, span, strict=True)) for axis in (0, 1))
    return x, y
