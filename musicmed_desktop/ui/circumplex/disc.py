"""The geometry of the circumplex in a widget: a disc around neutral."""

from __future__ import annotations

import math
from dataclasses import dataclass

from musicmed_desktop.affect import Affect
from musicmed_desktop.session.circumplex import RIM, UNIT
from musicmed_desktop.session.svg import Position

REACH = RIM / UNIT  # where the rim lies, in units from neutral


def reachable(valence: float, arousal: float) -> Affect:
    """The point inside the rim, in the same direction, that a hand or a key can choose."""
    length = math.hypot(valence, arousal)
    inward = min(1.0, REACH / length) if length else 1.0
    return Affect.clipped(valence * inward, arousal * inward)


@dataclass(frozen=True)
class Disc:
    """A round picture of the circumplex; positions are in pixels, downwards."""

    centre: Position
    radius: float

    @classmethod
    def within(cls, width: float, height: float, margin: float) -> Disc:
        """The largest disc in the middle of a widget that leaves `margin` around it."""
        return cls((width / 2, height / 2), max(1.0, min(width, height) / 2 - margin))

    @property
    def unit(self) -> float:
        """Pixels from neutral to valence 1."""
        return self.radius / REACH

    def position(self, affect: Affect) -> Position:
        return self.centre[0] + self.unit * affect.valence, self.centre[1] - self.unit * affect.arousal

    def affect(self, at: Position) -> Affect:
        """The reachable point there; from outside the rim, the one in the same direction."""
        return reachable((at[0] - self.centre[0]) / self.unit, (self.centre[1] - at[1]) / self.unit)

    def outward(self, angle: float, beyond: float = 0.0) -> Position:
        """The position `beyond` the rim in the direction of `angle`, in radians against the clock."""
        reach = self.radius + beyond
        return self.centre[0] + reach * math.cos(angle), self.centre[1] - reach * math.sin(angle)
