"""A small picture of a session: where the listener was before, wished to be, and was after."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from musicmed_desktop.library import Entry
from musicmed_desktop.ui.circumplex.canvas import Canvas
from musicmed_desktop.ui.circumplex.colours import time_colour
from musicmed_desktop.ui.circumplex.ground import paint_ground
from musicmed_desktop.ui.circumplex.marks import paint_dot, paint_path
from musicmed_desktop.ui.theme import appearance


class SessionPicture(QWidget):
    """The words beside it say the same, so screen readers pass it over."""

    def __init__(self) -> None:
        super().__init__()
        self._entry: Entry | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._measure()
        appearance().changed.connect(self._measure)

    def show_entry(self, entry: Entry) -> None:
        self._entry = entry
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        usual = Canvas.of(self)
        canvas = replace(usual, bold=usual.small)  # so that all words find room beside the disc
        paint_ground(painter, canvas)
        if self._entry is not None:
            _paint_way(painter, canvas, self._entry)

    def _measure(self) -> None:
        self.setFixedHeight(appearance().px(160))
        self.update()


def _paint_way(painter: QPainter, canvas: Canvas, entry: Entry) -> None:
    before, wished = entry.before, entry.wished
    paint_path(painter, canvas, (before, wished))
    surface = QColor(canvas.tokens.surface)
    first, last = time_colour(canvas.tokens, 0.0), time_colour(canvas.tokens, 1.0)
    _paint_point(painter, canvas, canvas.at(before), surface, first)
    if entry.after is not None:
        _paint_point(painter, canvas, canvas.at(entry.after), last, surface)


def _paint_point(painter: QPainter, canvas: Canvas, at: QPointF, fill: QColor, edge: QColor) -> None:
    paint_dot(painter, at, canvas.px(6), fill, edge, canvas.px(2.5))
