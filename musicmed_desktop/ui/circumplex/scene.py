"""What is drawn of a walk, from the paths below to the point of this moment above."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QRadialGradient

from musicmed_desktop.affect import Affect
from musicmed_desktop.session.curve import SUBDIVISIONS
from musicmed_desktop.ui.circumplex.canvas import Canvas
from musicmed_desktop.ui.circumplex.colours import faint, time_colour
from musicmed_desktop.ui.circumplex.marks import between, paint_dot, paint_path, paint_trail
from musicmed_desktop.ui.circumplex.step import WalkStep
from musicmed_desktop.ui.circumplex.walk import Walk

GLOW = 24.0  # radius of the light around the point
POINT = 7.5
_LEFT_BEHIND = 0.45  # strength of a path that was given up for a new plan
_MANY = 40  # clips, from which on they are drawn smaller
_BREATH_S = 5.0  # of the light, from bright to bright


def paint_plan(painter: QPainter, canvas: Canvas, walk: Walk) -> None:
    """The planned paths and their plateaus, larger where the music stays longer."""
    for path in walk.paths[:-1]:
        paint_path(painter, canvas, path, _LEFT_BEHIND)
    paint_path(painter, canvas, walk.paths[-1])
    fill, edge = QColor(canvas.tokens.surface), QColor(canvas.tokens.planned)
    for target, count in walk.plateaus.items():
        paint_dot(painter, canvas.at(target), plateau_radius(canvas, count), fill, edge, canvas.px(1.6))


def paint_walked(painter: QPainter, canvas: Canvas, walk: Walk, heard: int) -> None:
    """The line up to the middle of the last of the `heard` steps, and a dot for every measured one."""
    if heard:
        line = walk.curve[: (heard - 1) * SUBDIVISIONS + 1]
        paint_trail(painter, canvas, line, _colours(canvas, walk, 0, len(line)))
    radius = canvas.px(4.6 if len(walk.steps) <= _MANY else 3.4)
    for step in walk.steps:
        if step.measured:
            colour = _step_colour(canvas, walk, step)
            if step.index < heard:
                paint_dot(painter, canvas.at(step.measured), radius, colour, _paper(canvas), canvas.px(1.4))
            else:
                paint_dot(painter, canvas.at(step.measured), radius, faint(colour, 0.15), faint(colour, 0.7), 1.4)


def paint_tail(painter: QPainter, canvas: Canvas, walk: Walk, points: Sequence[Affect], heard: int) -> None:
    """The line from the middle of the last heard step to the point."""
    paint_trail(painter, canvas, points, _colours(canvas, walk, max(0, heard - 1) * SUBDIVISIONS, len(points)))


def paint_point(painter: QPainter, canvas: Canvas, walk: Walk, at: QPointF, position_s: float) -> None:
    """The place of this moment, in a light that breathes."""
    colour = time_colour(canvas.tokens, walk.share(position_s))
    breath = 0.5 + 0.5 * math.cos(2 * math.pi * position_s / _BREATH_S)
    light = QRadialGradient(at, canvas.px(GLOW))
    light.setColorAt(0.0, faint(colour, 0.5 + 0.15 * breath))
    light.setColorAt(0.45, faint(colour, 0.16 + 0.1 * breath))
    light.setColorAt(1.0, faint(colour, 0.0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(light)
    painter.drawEllipse(at, canvas.px(GLOW), canvas.px(GLOW))
    paint_dot(painter, at, canvas.px(POINT), colour, _paper(canvas), canvas.px(2.4))


def paint_ring(painter: QPainter, canvas: Canvas, step: WalkStep) -> None:
    """Around the step that is being explained."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((canvas.tokens.surface, 5.0), (canvas.tokens.focus, 2.6)):
        painter.setPen(QPen(QColor(colour), canvas.px(width)))
        painter.drawEllipse(canvas.at(step.heard), canvas.px(12), canvas.px(12))


def busy(walk: Walk) -> list[Affect]:
    """Where words had better not lie. While clips are still to come theirs do not count, or words would move."""
    planned = [at for path in walk.paths for at in between(path)]
    if any(step.measured is None for step in walk.steps):
        return planned
    return [*planned, *walk.curve, *(step.heard for step in walk.steps)]


def step_under(walk: Walk, canvas: Canvas, at: QPointF) -> WalkStep | None:
    """The measured step, else the plateau, that is drawn at a position of the widget."""

    def away(affect: Affect) -> float:
        return math.dist(canvas.disc.position(affect), (at.x(), at.y()))

    clips = [(away(step.measured), step.index) for step in walk.steps if step.measured]
    distance, index = min(clips, default=(math.inf, 0))
    if distance <= canvas.px(9):
        return walk.steps[index]
    distance, index = min((away(step.target), step.index) for step in walk.steps)
    step = walk.steps[index]
    return walk.plateau(step) if distance <= plateau_radius(canvas, walk.plateaus[step.target]) + 2 else None


def plateau_radius(canvas: Canvas, count: int) -> float:
    """The radius of a plateau of so many steps: its area grows with its time."""
    return canvas.px(min(16.0, 3.5 + 2.6 * math.sqrt(count)))


def _colours(canvas: Canvas, walk: Walk, first: int, count: int) -> list[QColor]:
    last = max(1, len(walk.curve) - 1)
    return [time_colour(canvas.tokens, (first + n) / last) for n in range(count)]


def _step_colour(canvas: Canvas, walk: Walk, step: WalkStep) -> QColor:
    return time_colour(canvas.tokens, step.index / max(1, len(walk.steps) - 1))


def _paper(canvas: Canvas) -> QColor:
    return QColor(canvas.tokens.surface)
