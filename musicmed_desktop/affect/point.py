"""The circumplex of affect (Russell 1980): a point in the square of valence and arousal."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Affect:
    """A point on the circumplex; valence and arousal in [-1, 1], (0, 0) is neutral.

    Valence: unpleasant to pleasant. Arousal: deactivated to activated. Raises ValueError outside the square.
    """

    valence: float
    arousal: float

    def __post_init__(self) -> None:
        for name in ("valence", "arousal"):
            value = getattr(self, name)
            if not (math.isfinite(value) and -1.0 <= value <= 1.0):
                raise ValueError(f"{name} is {value}; it must lie between -1 and 1")

    @classmethod
    def clipped(cls, valence: float, arousal: float) -> Affect:
        """The nearest point inside the square."""
        return cls(min(1.0, max(-1.0, valence)), min(1.0, max(-1.0, arousal)))

    @property
    def intensity(self) -> float:
        """Distance from neutral, 0 to sqrt(2)."""
        return math.hypot(self.valence, self.arousal)

    def distance(self, other: Affect) -> float:
        return math.hypot(self.valence - other.valence, self.arousal - other.arousal)

    def towards(self, other: Affect, share: float) -> Affect:
        """The point at `share` (0 to 1) of the straight way to `other`."""
        return Affect.clipped(
            self.valence + (other.valence - self.valence) * share,
            self.arousal + (other.arousal - self.arousal) * share,
        )
