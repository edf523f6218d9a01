"""What the circumplex shows of each target: its clips, how far they scatter, and where they lie on average."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from musicmed_desktop.affect import Quadrant
from musicmed_desktop.evaluation.report.aims import Aim
from musicmed_desktop.evaluation.report.colours import QUADRANTS, WHITE, marker
from musicmed_desktop.session.circumplex import position
from musicmed_desktop.session.svg import BACKGROUND, Position, circle, element, line

PLENTY = 30  # targets
SPOKES = 120  # clips; more of them have no lines of their own
HALF = float(np.sqrt(2 * np.log(2)))  # standard deviations of a normal cloud in the plane that hold half of it


def clouds(aims: Sequence[Aim]) -> list[str]:
    """Every clip as a faint dot; where they are few, with a line from the middle of its cloud."""
    total = sum(len(aim.heard) for aim in aims)
    faint = min(0.6, max(0.25, 6 / max(1, total) ** 0.5))
    drawn = []
    for aim in aims:
        colour = QUADRANTS[aim.quadrant]
        middle, dots = position(aim.mean), [position(affect) for affect in aim.heard]
        if total <= SPOKES:
            drawn += [line([middle, dot], stroke=colour, stroke_width=1.0, stroke_opacity=0.25) for dot in dots]
        drawn += [circle(dot, 3.5, fill=colour, fill_opacity=faint) for dot in dots]
        drawn += _ellipse(dots, middle, colour, _fineness(aims))
    return drawn


def _fineness(aims: Sequence[Aim]) -> float:
    """1, and less where the targets are so many that they would cover each other."""
    return min(1.0, math.sqrt(PLENTY / max(1, len(aims))))


def _ellipse(dots: Sequence[Position], middle: Position, colour: str, fine: float) -> list[str]:
    """Where about half of the clips lie, if their cloud is a normal one; nothing for fewer than five clips."""
    if len(dots) < 5:
        return []
    spread, axes = np.linalg.eigh(np.cov(np.array(dots).T))
    small, large = (HALF * max(float(variance), 1.0) ** 0.5 for variance in spread)
    angle = float(np.degrees(np.arctan2(axes[1, 1], axes[0, 1]))) % 180
    turned = f"rotate({angle:.1f} {middle[0]:.1f} {middle[1]:.1f})"
    return [element("g", ellipse(middle, large, small, colour), transform=turned, opacity=fine**3)]


def ellipse(middle: Position, wide: float, high: float, colour: str) -> str:
    shade = {"fill_opacity": 0.1, "stroke_opacity": 0.6, "stroke_width": 1.2}
    return element("ellipse", cx=middle[0], cy=middle[1], rx=wide, ry=high, fill=colour, stroke=colour, **shade)


def means(aims: Sequence[Aim]) -> list[str]:
    """The targets, and from each a line to where its music lies on average; the more, the finer."""
    fine = _fineness(aims)
    lines, marks = [], []
    for aim in aims:
        start, end = position(aim.target), position(aim.mean)
        colour = QUADRANTS[aim.quadrant]
        lines.append(line([start, end], stroke=colour, stroke_width=2.2 * fine, stroke_opacity=max(0.35, fine**2)))
        marks += [ring(aim.quadrant, start, 8 * fine), mean_mark(aim.quadrant, end, 7 * fine)]
    return lines + marks


def ring(kind: Quadrant, at: Position, radius: float) -> str:
    """A target."""
    return circle(at, radius, fill=WHITE, stroke=QUADRANTS[kind], stroke_width=0.3 * radius)


def mean_mark(kind: Quadrant, at: Position, radius: float) -> str:
    """The mean of what was heard, with a thin edge against whatever lies behind it."""
    return element("g", marker(kind, at, radius), stroke=BACKGROUND, stroke_width=0.2 * radius)
