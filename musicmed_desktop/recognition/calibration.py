"""From raw measurements to the circumplex: monotone piecewise-linear tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

VERSION = "1"


@dataclass(frozen=True)
class Table:
    """Points (raw, calibrated), both rising, calibrated within [-1, 1]; flat beyond its ends."""

    points: tuple[tuple[float, float], ...]

    def __call__(self, raw: float) -> float:
        raws, values = zip(*self.points, strict=True)
        return float(np.interp(raw, raws, values))


AROUSAL_FROM_ENERGY = Table(((0.02, -1.0), (0.15, -0.5), (0.35, 0.0), (0.6, 0.5), (0.9, 1.0)))
VALENCE_FROM_VIBENET = Table(((0.0, -1.0), (0.05, -0.6), (0.2, 0.0), (0.5, 0.6), (0.9, 1.0)))
VALENCE_FROM_TONALITY = Table(((-0.3, -1.0), (0.0, 0.0), (0.3, 1.0)))
