"""From what the listeners measure to the circumplex: monotone tables, straight between their points.

Raw measures have scales of their own: VibeNet calls a quiet piano piece 0.1 energetic, and a song in major has a
relative mode of 0.27. The tables were made from 48 clips of 30 s that the built-in engine composed for the targets
-0.8, -0.3, 0.3 and 0.8 on both axes, three seeds each, over seven styles (a second set, 392 renderings of one piece in
seven modes by 14 ensembles, had to agree): the mean raw value at each target, rounded, joined by straight lines and
continued to the ends that the clips reached. Where a table has another origin, that is stated with it.

Change VERSION with any number here: it is part of the recognizer's version, which every session records.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

VERSION = "3"


@dataclass(frozen=True)
class Table:
    """Points (raw, calibrated): raw values rise, calibrated ones never fall and lie in [-1, 1]; flat beyond its ends.

    Raises ValueError for other points.
    """

    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        raws, values = np.array(self.points).T
        if not (np.diff(raws) > 0.0).all() or not (np.diff(values) >= 0.0).all() or np.abs(values).max() > 1.0:
            raise ValueError(f"{self.points} is not monotone within -1 to 1")

    def __call__(self, raw: float) -> float:
        raws, values = np.array(self.points).T
        return float(np.interp(raw, raws, values))


# From two more sets: 147 clips, seven styles at 21 targets, whose mean energy was 0.13, 0.15, 0.23, 0.40 and 0.59 at
# arousals of -0.8, -0.4, 0, 0.4 and 0.8, and 240 steps of 5-minute sessions, which lay a little higher in the middle.
AROUSAL_FROM_ENERGY = Table(
    (
        (0.07, -1.0),
        (0.125, -0.8),
        (0.155, -0.45),
        (0.24, -0.05),
        (0.264, 0.0),
        (0.40, 0.28),
        (0.50, 0.45),
        (0.59, 0.68),
        (0.85, 1.0),
    )
)

VALENCE_FROM_TONALITY = Table(
    ((-0.31, -1.0), (-0.22, -0.8), (-0.105, -0.3), (0.065, 0.0), (0.24, 0.3), (0.315, 0.8), (0.41, 1.0))
)

# Spread over what VibeNet gave those clips (5 % of them below 0.01, half below 0.05, 5 % above 0.68) so that the middle
# of it is neutral. It cannot be fitted to their targets: it does not follow them (r = 0.05).
VALENCE_FROM_VIBENET = Table(((0.0, -0.8), (0.02, -0.4), (0.05, 0.0), (0.30, 0.35), (0.60, 0.65), (0.95, 1.0)))
