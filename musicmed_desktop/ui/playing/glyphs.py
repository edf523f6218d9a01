"""Small signs on buttons, drawn in the colour of their text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QAbstractButton

from musicmed_desktop.ui.theme import appearance

Glyph = Literal["play", "pause", "stop", "locked", "unlocked"]
SIZE = 14  # pixels at 100 % text size
_RATIO = 3  # dots a pixel: sharp on every screen


def set_glyph(button: QAbstractButton, glyph: Glyph, colour: str) -> None:
    """Show `glyph` before the button's text, if it has one."""
    size = appearance().px(SIZE)
    width = round(size * 1.4) if button.text() else size  # with a gap before the text
    button.setIconSize(QSize(width, size))
    button.setIcon(QIcon(_picture(glyph, QColor(colour), width, size)))


def _picture(glyph: Glyph, colour: QColor, width: int, size: int) -> QPixmap:
    pixmap = QPixmap(width * _RATIO, size * _RATIO)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size * _RATIO / 16, size * _RATIO / 16)  # the drawings below lie in a square of 16
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    _DRAWINGS[glyph](painter)
    painter.end()
    pixmap.setDevicePixelRatio(_RATIO)
    return pixmap


def _play(painter: QPainter) -> None:
    painter.drawPolygon(QPolygonF([QPointF(4, 2), QPointF(14, 8), QPointF(4, 14)]))


def _pause(painter: QPainter) -> None:
    for left in (3.0, 9.5):
        painter.drawRoundedRect(QRectF(left, 2, 3.5, 12), 1, 1)


def _stop(painter: QPainter) -> None:
    painter.drawRoundedRect(QRectF(3, 3, 10, 10), 1.5, 1.5)


def _locked(painter: QPainter) -> None:
    _lock(painter, open_by=0.0)


def _unlocked(painter: QPainter) -> None:
    _lock(painter, open_by=2.0)


def _lock(painter: QPainter, open_by: float) -> None:
    """A padlock; the right leg of its bow ends `open_by` above the body."""
    colour = painter.brush().color()
    painter.drawRoundedRect(QRectF(2.5, 7.5, 11, 7.5), 1.5, 1.5)
    bow = QPainterPath(QPointF(5, 8))
    bow.lineTo(5, 4.5 - open_by / 2)
    bow.arcTo(QRectF(5, 1.5 - open_by / 2, 6, 6), 180, -180)
    bow.lineTo(11, 7 - 1.5 * open_by)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 1.7))
    painter.drawPath(bow)


_DRAWINGS: dict[Glyph, Callable[[QPainter], None]] = {
    "play": _play,
    "pause": _pause,
    "stop": _stop,
    "locked": _locked,
    "unlocked": _unlocked,
}
