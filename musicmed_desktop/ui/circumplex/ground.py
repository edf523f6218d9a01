"""The ground: the disc with its tinted quadrants, rings and axes, and the words around it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QRadialGradient

from musicmed_desktop.affect import Affect
from musicmed_desktop.ui.circumplex.canvas import Canvas, rectangle
from musicmed_desktop.ui.circumplex.colours import faint
from musicmed_desktop.ui.circumplex.rim import RimWord
from musicmed_desktop.ui.theme import Tokens

RINGS = (0.4, 0.8)  # intensities
MARGIN = 12.0  # around words that give way
_AROUND = QRectF(-500, -500, 1000, 1000)  # of the middle of a word
CENTRE_STRENGTH = 0.14  # of the tints in the middle, in units of their strength at the rim


def paint_ground(painter: QPainter, canvas: Canvas, busy: Collection[Affect] = ()) -> None:
    """The disc and its words; those for feelings give way to the `busy` places."""
    _paint_disc(painter, canvas)
    _write(painter, canvas.poles, canvas.bold, canvas.tokens)
    free = free_feelings(canvas, busy)
    _write(painter, free, canvas.small, canvas.tokens)


def free_feelings(canvas: Canvas, busy: Collection[Affect]) -> list[RimWord]:
    """The words around the rim that lie apart from the `busy` places."""
    spots = [canvas.disc.position(affect) for affect in busy]
    return [word for word in canvas.feelings if not any(word.box.holds(at, canvas.px(MARGIN)) for at in spots)]


def paint_focus(painter: QPainter, canvas: Canvas) -> None:
    """The sign that the keyboard moves this disc."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(canvas.tokens.focus), canvas.px(2.5)))
    painter.drawEllipse(QPointF(*canvas.disc.centre), canvas.disc.radius, canvas.disc.radius)


def _paint_disc(painter: QPainter, canvas: Canvas) -> None:
    disc, tokens = canvas.disc, canvas.tokens
    centre = QPointF(*disc.centre)
    square = QRectF(centre.x() - disc.radius, centre.y() - disc.radius, 2 * disc.radius, 2 * disc.radius)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.surface))
    painter.drawEllipse(square)
    for number, tint in enumerate(tokens.tints):
        gradient = QRadialGradient(centre, disc.radius)
        gradient.setColorAt(0.0, faint(tint, tokens.tint_strength * CENTRE_STRENGTH))
        gradient.setColorAt(1.0, faint(tint, tokens.tint_strength))
        painter.setBrush(gradient)
        painter.drawPie(square, 16 * 90 * number, 16 * 90)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_grid(tokens), canvas.px(1.4)))
    for intensity in RINGS:
        painter.drawEllipse(centre, intensity * disc.unit, intensity * disc.unit)
    painter.setPen(QPen(_grid(tokens), canvas.px(2.2)))
    painter.drawLine(QPointF(square.left(), centre.y()), QPointF(square.right(), centre.y()))
    painter.drawLine(QPointF(centre.x(), square.top()), QPointF(centre.x(), square.bottom()))
    painter.setPen(QPen(QColor(tokens.line), canvas.px(1.4)))
    painter.drawEllipse(centre, disc.radius, disc.radius)


def _grid(tokens: Tokens) -> QColor:
    """Lines as if the paper showed through; where paper and tints are both black, faint light."""
    return faint(tokens.line, 0.45) if tokens.name == "contrast" else faint(tokens.surface, 0.9)


def _write(painter: QPainter, words: Sequence[RimWord], font: QFont, tokens: Tokens) -> None:
    painter.setFont(font)
    painter.setPen(QColor(tokens.muted))
    for word in words:
        painter.save()
        painter.translate(rectangle(word.box).center())
        painter.rotate(word.turn)
        painter.drawText(_AROUND, Qt.AlignmentFlag.AlignCenter, word.word)
        painter.restore()
