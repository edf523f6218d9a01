"""Where the words of a picture go, so that they cover neither each other nor what they name."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from musicmed_desktop.session.svg import Position

GLYPH_WIDTH = 0.56  # mean advance of a sans-serif letter, in units of its size


@dataclass(frozen=True)
class Box:
    """A rectangle from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def baseline(self) -> Position:
        """Where to write centred text that fills the box."""
        return self.x + self.width / 2, self.y + self.height * 0.75

    def holds(self, at: Position, margin: float = 0.0) -> bool:
        inside_x = self.x - margin <= at[0] <= self.x + self.width + margin
        return inside_x and self.y - margin <= at[1] <= self.y + self.height + margin

    def overlaps(self, other: Box, margin: float = 0.0) -> bool:
        apart_x = max(self.x - other.x - other.width, other.x - self.x - self.width)
        apart_y = max(self.y - other.y - other.height, other.y - self.y - self.height)
        return max(apart_x, apart_y) < margin

    def within(self, frame: Box) -> bool:
        far = (self.x + self.width, self.y + self.height)
        return frame.holds((self.x, self.y)) and frame.holds(far)


def text_box(content: str, at: Position, size: float) -> Box:
    """The box of `content` whose middle is `at`."""
    width = len(content) * size * GLYPH_WIDTH
    return Box(at[0] - width / 2, at[1] - size * 0.6, width, size * 1.2)


def outside(box: Box, at: Position, angle: float) -> Box:
    """The box moved so that it touches a circle through `at` from outside, in the direction of `angle`."""
    left = at[0] - box.width * (1 - math.cos(angle)) / 2
    top = at[1] - box.height * (1 + math.sin(angle)) / 2
    return Box(left, top, box.width, box.height)


def place(content: str, at: Position, size: float, frame: Box, taken: Sequence[Box], dots: Iterable[Position]) -> Box:
    """The place for `content` around `at`, inside `frame`, that covers the fewest boxes and dots."""
    return place_box(text_box(content, at, size), at, frame, taken, dots)


def place_box(
    box: Box, at: Position, frame: Box, taken: Sequence[Box], dots: Iterable[Position], scale: float = 1.0
) -> Box:
    """The place around `at`, inside `frame`, for a box of that size; `scale` widens the distances that are tried."""
    dots = tuple(dots)
    candidates = [
        _beside(box, at, distance * scale, 2 * math.pi * turn / 16)
        for distance in (16.0, 26.0, 38.0, 54.0)
        for turn in range(16)
    ]

    def cost(box: Box) -> float:
        collisions = sum(box.overlaps(other) for other in taken) + 10 * (not box.within(frame))
        covered = sum(box.holds(dot, margin=4) for dot in dots)
        middle = (box.x + box.width / 2, box.y + box.height / 2)
        return 100 * collisions + 3 * covered + 0.02 * math.dist(middle, at)

    return min(candidates, key=cost)


def _beside(box: Box, at: Position, distance: float, angle: float) -> Box:
    """The box moved so that it touches the circle of `distance` around `at` in the direction of `angle`."""
    x = at[0] + (distance + box.width / 2) * math.cos(angle) - box.width / 2
    y = at[1] + (distance + box.height / 2) * math.sin(angle) - box.height / 2
    return Box(x, y, box.width, box.height)
