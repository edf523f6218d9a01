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


def place(content: str, at: Position, size: float, frame: Box, taken: Sequence[Box], dots: Iterable[Position]) -> Box:
    """The place for `content` around `at`, inside `frame`, that covers the fewest boxes and dots."""
    dots = tuple(dots)
    candidates = [
        _beside(content, at, size, distance, 2 * math.pi * turn / 16)
        for distance in (16.0, 26.0, 38.0, 54.0)
        for turn in range(16)
    ]

    def cost(box: Box) -> float:
        collisions = sum(box.overlaps(other) for other in taken) + 10 * (not box.within(frame))
        covered = sum(box.holds(dot, margin=4) for dot in dots)
        middle = (box.x + box.width / 2, box.y + box.height / 2)
        return 100 * collisions + 3 * covered + 0.02 * math.dist(middle, at)

    return min(candidates, key=cost)


def _beside(content: str, at: Position, size: float, distance: float, angle: float) -> Box:
    """The box that touches the circle of `distance` around `at` in the direction of `angle`."""
    box = text_box(content, at, size)
    reach_x = distance + box.width / 2
    reach_y = distance + box.height / 2
    return Box(box.x + reach_x * math.cos(angle), box.y + reach_y * math.sin(angle), box.width, box.height)
