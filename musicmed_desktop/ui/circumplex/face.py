"""A face that feels as the point does: a mouth for valence, eyes and brows for arousal."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from musicmed_desktop.affect import Affect


def paint_face(painter: QPainter, at: QPointF, radius: float, affect: Affect, ink: QColor) -> None:
    """The features alone, within a circle of `radius`."""
    painter.save()
    painter.translate(at)
    painter.scale(radius, radius)
    painter.setPen(QPen(ink, 0.11, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _paint_mouth(painter, affect)
    for side in (-1.0, 1.0):
        _paint_eye(painter, side, affect.arousal)
        _paint_brow(painter, side, affect)
    painter.restore()


def _paint_mouth(painter: QPainter, affect: Affect) -> None:
    bend, open_ = 0.34 * affect.valence, 0.24 * max(0.0, affect.arousal - 0.35)
    corners = 0.42 - bend / 2
    mouth = QPainterPath(QPointF(-0.4, corners))
    mouth.quadTo(QPointF(0, corners + 2 * bend + open_), QPointF(0.4, corners))
    if open_:
        mouth.quadTo(QPointF(0, corners + 2 * bend - 2 * open_), QPointF(-0.4, corners))
    painter.drawPath(mouth)


def _paint_eye(painter: QPainter, side: float, arousal: float) -> None:
    """Wide open when lively, closed when very calm."""
    x, y = 0.34 * side, -0.14
    height = 0.11 + 0.08 * arousal
    if height < 0.06:
        lid = QPainterPath(QPointF(x - 0.13, y))
        lid.quadTo(QPointF(x, y + 0.14), QPointF(x + 0.13, y))
        painter.drawPath(lid)
        return
    painter.setBrush(painter.pen().color())
    painter.drawEllipse(QRectF(x - 0.06, y - height, 0.12, 2 * height - 0.06))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_brow(painter: QPainter, side: float, affect: Affect) -> None:
    """Raised when lively; their inner ends rise with an unpleasant feeling."""
    y, tilt = -0.47 - 0.1 * affect.arousal, 0.1 * max(0.0, -affect.valence)
    painter.drawLine(QPointF(0.2 * side, y - tilt), QPointF(0.5 * side, y + tilt))
