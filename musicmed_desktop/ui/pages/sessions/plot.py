"""The pictures of the weeks, drawn with pyqtgraph; imported in the background when they are first looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from musicmed_desktop.library import Entry
from musicmed_desktop.ui.circumplex.colours import faint, time_colour
from musicmed_desktop.ui.kit import small
from musicmed_desktop.ui.pages.sessions.course import Course
from musicmed_desktop.ui.pages.sessions.ticks import ticks
from musicmed_desktop.ui.theme import appearance

_NEAR = 24  # pixels within which a session is pointed at
AXES = {"valence": ("pleasant", "unpleasant"), "arousal": ("lively", "calm")}
_LEGEND = "○ before the session     ● after it"
_AVERAGES = "○ before the sessions     ● after them     Each point is the average of {}."


class FeelingPlots(QWidget):
    """How pleasant and how lively it felt, one above the other. `hovered` and `pressed` carry a session's number."""

    hovered = Signal(int)
    pressed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.plots = [FeelingPlot(axis) for axis in AXES]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._legend = small(_LEGEND)
        column.addWidget(self._legend)
        for plot in self.plots:
            column.addWidget(plot, 1)
            plot.hovered.connect(self.hovered)
            plot.pressed.connect(self.pressed)

    def show_entries(self, entries: Sequence[Entry], since: datetime | None) -> None:
        """Oldest first; the axis begins at `since`, or with the first of them."""
        course = Course.of(entries)
        drawn = course.to_draw()
        self._legend.setText(_AVERAGES.format(drawn.averaged) if drawn.averaged else _LEGEND)
        for plot in self.plots:
            plot.show_course(course, drawn, since)

    def mark(self, number: int | None) -> None:
        for plot in self.plots:
            plot.mark(number)


class FeelingPlot(pg.PlotWidget):  # type: ignore[misc]
    """One axis of the circumplex over time: where each session began, and where it left the listener."""

    hovered = Signal(int)
    pressed = Signal(int)

    def __init__(self, axis: str) -> None:
        super().__init__(enableMenu=False)
        self._axis = axis
        self._course = self._drawn = Course.of(())
        self._since: datetime | None = None
        self._marked: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        self.viewport().setMouseTracking(True)
        self._lines = pg.PlotCurveItem(connect="pairs", antialias=True)
        self._before, self._after = (pg.ScatterPlotItem(antialias=True, pxMode=True) for _ in range(2))
        self._mark, self._middle = pg.InfiniteLine(angle=90), pg.InfiniteLine(pos=0, angle=0)
        for item in (self._middle, self._mark, self._lines, self._before, self._after):
            self.addItem(item)
        self._paint()
        appearance().changed.connect(self._paint)

    def show_course(self, course: Course, drawn: Course, since: datetime | None) -> None:
        """All sessions, and what of them is drawn."""
        self._course, self._drawn, self._since, self._marked = course, drawn, since, None
        self._paint()

    def mark(self, number: int | None) -> None:
        self._marked = number
        self._mark.setVisible(number is not None)
        if number is not None:
            self._mark.setValue(self._course.times[number])

    def sizeHint(self) -> QSize:
        return QSize(appearance().px(300), appearance().px(150))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # and keep it from pyqtgraph, which would drag and zoom

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self._number_at(event.position())
        if number is not None and number != self._marked:
            self.hovered.emit(number)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        number = self._number_at(event.position())
        if number is not None and event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit(number)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_mark"):  # the base class resizes while it is being made
            self._paint_axes()

    def _number_at(self, place: QPointF) -> int | None:
        """The session nearest to the pointer, along time."""
        if not len(self._course.times):
            return None
        view = self.getViewBox()
        at = view.mapSceneToView(self.mapToScene(place.toPoint())).x()
        nearest = self._course.nearest(at)
        return nearest if abs(self._course.times[nearest] - at) <= _NEAR * view.viewPixelSize()[0] else None

    def _paint(self) -> None:
        self.setBackground(appearance().tokens.surface)
        self.setMinimumHeight(appearance().px(150))
        self._paint_axes()
        self._paint_points()

    def _paint_axes(self) -> None:
        tokens, scale = appearance().tokens, appearance().scale
        now = datetime.now().astimezone()
        first = self._since or self._first or now - timedelta(days=28)
        spare = max((now - first) * 0.03, timedelta(hours=12))
        first, last = first - spare, now + spare
        self.setXRange(first.timestamp(), last.timestamp(), padding=0)
        self.setYRange(-1.12, 1.12, padding=0)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.88)
        metrics = QFontMetrics(font)
        most = max(2, self.width() // max(1, metrics.horizontalAdvance("30 Nov") * 2))
        dates = ticks(first.astimezone().date(), last.astimezone().date(), most)
        inside = [tick for tick in dates if first.timestamp() <= tick[0] <= last.timestamp()]
        high, low = AXES[self._axis]
        words = {"left": [(1.0, high), (0.0, "in between"), (-1.0, low)], "bottom": inside}
        for side, named in words.items():
            axis = self.getAxis(side)
            axis.setTicks([named])
            axis.setTextPen(QColor(tokens.muted))
            axis.setPen(QColor(tokens.line))
            axis.setTickPen(pg.mkPen(faint(tokens.line, 0.6)))
            axis.setStyle(tickFont=font, tickLength=0, tickTextOffset=round(8 * scale))
        self.getAxis("left").setWidth(metrics.horizontalAdvance("unpleasant ") + round(16 * scale))
        self.getAxis("bottom").setHeight(metrics.height() + round(12 * scale))

    def _paint_points(self) -> None:
        tokens, scale = appearance().tokens, appearance().scale
        first, last = time_colour(tokens, 0.0), time_colour(tokens, 1.0)
        times, column = self._drawn.times, list(AXES).index(self._axis)
        before, after = self._drawn.before[:, column], self._drawn.after[:, column]
        said = ~np.isnan(after)
        self._middle.setPen(pg.mkPen(faint(tokens.line, 0.8), width=scale))
        self._mark.setPen(pg.mkPen(faint(tokens.accent, 0.5), width=3 * scale))
        line = pg.mkPen(faint(tokens.muted, 0.55), width=1.6 * scale)
        self._lines.setData(np.repeat(times[said], 2), np.column_stack((before, after))[said].ravel(), pen=line)
        ring, edge = pg.mkPen(first, width=2 * scale), pg.mkPen(QColor(tokens.surface), width=scale)
        hollow = pg.mkBrush(tokens.surface)
        self._before.setData(times, before, size=9 * scale, pen=ring, brush=hollow)
        self._after.setData(times[said], after[said], size=10 * scale, pen=edge, brush=pg.mkBrush(last))
        self.mark(self._marked)

    @property
    def _first(self) -> datetime | None:
        """When the first session began."""
        times = self._course.times
        return datetime.fromtimestamp(times[0]).astimezone() if len(times) else None
