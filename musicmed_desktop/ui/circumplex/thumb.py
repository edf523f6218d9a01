"""The point that a person moves: a face with the word for the feeling above it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from musicmed_desktop.affect import Affect
from musicmed_desktop.session.labels import Box
from musicmed_desktop.ui.circumplex.canvas import Canvas, measured
from musicmed_desktop.ui.circumplex.colours import faint, place_colour
from musicmed_desktop.ui.circumplex.face import paint_face
from musicmed_desktop.ui.circumplex.marks import paint_words
from musicmed_desktop.ui.circumplex.words import word_near

RADIUS = 21.0
INVITATION = "Touch the place\nthat feels right"


def paint_thumb(painter: QPainter, canvas: Canvas, affect: Affect, named: bool) -> None:
    """The face at its place; `named` with the nearest word."""
    at, radius = canvas.at(affect), canvas.px(RADIUS)
    _paint_shadow(painter, at, radius)
    painter.setBrush(place_colour(canvas.tokens, affect))
    painter.setPen(QPen(QColor(canvas.tokens.ink), canvas.px(2)))
    painter.drawEllipse(at, radius, radius)
    paint_face(painter, at, radius, affect, QColor(canvas.tokens.ink))
    if named:
        word = word_near(affect)
        paint_words(painter, canvas, word, _word_box(canvas, at, word), canvas.bold, QColor(canvas.tokens.ink))


def paint_invitation(painter: QPainter, canvas: Canvas) -> None:
    """A faint face in the middle, and what to do."""
    tokens, radius = canvas.tokens, canvas.px(RADIUS)
    centre = QPointF(*canvas.disc.centre)
    painter.setBrush(faint(tokens.surface, 0.75))
    painter.setPen(QPen(QColor(tokens.muted), canvas.px(1.6), Qt.PenStyle.DashLine))
    painter.drawEllipse(centre, radius, radius)
    paint_face(painter, centre, radius, Affect(0.0, 0.0), QColor(tokens.muted))
    width, height = measured(canvas.bold, INVITATION.split("\n")[1])
    for number, line in enumerate(INVITATION.split("\n")):
        top = centre.y() + radius + canvas.px(8) + number * height
        box = Box(centre.x() - width / 2, top, width, height)
        paint_words(painter, canvas, line, box, canvas.bold, QColor(tokens.muted))


def _word_box(canvas: Canvas, at: QPointF, word: str) -> Box:
    """Above the thumb, where no finger lies on it; below where there is no room above."""
    width, height = measured(canvas.bold, word)
    away = canvas.px(RADIUS + 4)
    left = min(max(at.x() - width / 2, 0.0), canvas.frame.width - width)
    above = at.y() - away - height
    return Box(left, above if above >= 0 else at.y() + away, width, height)


def _paint_shadow(painter: QPainter, at: QPointF, radius: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 38))
    painter.drawEllipse(QRectF(at.x() - radius - 1, at.y() - radius + 2, 2 * radius + 2, 2 * radius + 2))
