"""What is marked on the disc: planned paths, points with a name, words with a halo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from musicmed_desktop.affect import Affect
from musicmed_desktop.session.labels import Box, place_box
from musicmed_desktop.session.svg import Position
from musicmed_desktop.ui.circumplex.canvas import Canvas, measured
from musicmed_desktop.ui.circumplex.colours import faint, time_colour
from musicmed_desktop.ui.circumplex.words import word_near

END_RADIUS = 10.0
NAMED_RADIUS = 76.0  # of the smallest disc that has room for names


@dataclass(frozen=True)
class Mark:
    """A point with a name and a colour; what is named nothing has no words beside it."""

    affect: Affect
    name: str
    colour: QColor


def named_mark(affect: Affect, name: str, colour: QColor) -> Mark:
    """A mark that also names the feeling, as in "after: calm"."""
    return Mark(affect, f"{name}: {word_near(affect)}", colour)


def end_marks(canvas: Canvas, start: Affect, target: Affect) -> tuple[Mark, ...]:
    """Start and target of a path, in the colours of a session's first and last moment."""
    first, last = time_colour(canvas.tokens, 0.0), time_colour(canvas.tokens, 1.0)
    if start.distance(target) < 0.02:
        return (named_mark(start, "start and target", first),)
    return named_mark(start, "start", first), named_mark(target, "target", last)


def paint_path(painter: QPainter, canvas: Canvas, path: Sequence[Affect], strength: float = 1.0) -> None:
    """A planned path: a soft band with a dotted line."""
    line = QPainterPath(canvas.at(path[0]))
    for point in path[1:]:
        line.lineTo(canvas.at(point))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_round_pen(faint(canvas.tokens.planned, 0.2 * strength), canvas.px(14)))
    painter.drawPath(line)
    pen = _round_pen(faint(canvas.tokens.planned, strength), canvas.px(1.6))
    pen.setDashPattern([0.1, 3.4])
    painter.setPen(pen)
    painter.drawPath(line)


def paint_trail(painter: QPainter, canvas: Canvas, points: Sequence[Affect], colours: Sequence[QColor]) -> None:
    """A line through the points; each piece has the colour of where it begins."""
    for (here, there), colour in zip(pairwise(points), colours, strict=False):
        painter.setPen(_round_pen(colour, canvas.px(4)))
        painter.drawLine(canvas.at(here), canvas.at(there))


def paint_dot(painter: QPainter, at: QPointF, radius: float, fill: QColor, edge: QColor, width: float) -> None:
    painter.setBrush(fill)
    painter.setPen(QPen(edge, width))
    painter.drawEllipse(at, radius, radius)


def paint_marks(
    painter: QPainter, canvas: Canvas, marks: Sequence[Mark], taken: Iterable[Box], busy: Iterable[Position]
) -> None:
    """Rings around the marked points, and their names where they cover the least of what is `taken` or `busy`.

    On a small disc they would cover too much, and are left out.
    """
    radius = canvas.px(END_RADIUS)
    for mark in marks:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(mark.colour, canvas.px(3)))
        painter.drawEllipse(canvas.at(mark.affect), radius, radius)
    if canvas.disc.radius < canvas.px(NAMED_RADIUS):
        return
    for mark, box in zip(marks, _places(canvas, marks, list(taken), tuple(busy)), strict=True):
        paint_words(painter, canvas, mark.name, box, canvas.bold, mark.colour)


def _places(canvas: Canvas, marks: Sequence[Mark], taken: list[Box], busy: Sequence[Position]) -> list[Box]:
    spots = [canvas.disc.position(mark.affect) for mark in marks]
    reach = canvas.px(END_RADIUS + 1)
    taken = taken + [around(spot, reach) for spot in spots]
    boxes: list[Box] = []
    for mark, spot in zip(marks, spots, strict=True):
        size = Box(0, 0, *measured(canvas.bold, mark.name))
        box = place_box(size, spot, canvas.frame, taken, busy, canvas.scale)
        boxes.append(box)
        taken.append(box)
    return boxes


def paint_words(painter: QPainter, canvas: Canvas, words: str, box: Box, font: QFont, colour: QColor) -> None:
    """Words that can be read on any ground."""
    metrics = QFontMetricsF(font)
    left = box.x + (box.width - metrics.horizontalAdvance(words)) / 2
    shape = QPainterPath()
    shape.addText(QPointF(left, box.y + metrics.ascent()), font, words)
    painter.strokePath(shape, _round_pen(QColor(canvas.tokens.surface), canvas.px(4)))
    painter.fillPath(shape, colour)


def around(at: Position, reach: float) -> Box:
    """The box that reaches that far to every side."""
    return Box(at[0] - reach, at[1] - reach, 2 * reach, 2 * reach)


def between(path: Sequence[Affect]) -> list[Affect]:
    """Points every tenth of each straight part of a path."""
    return [here.towards(there, n / 10) for here, there in pairwise(path) for n in range(11)]


def _round_pen(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
