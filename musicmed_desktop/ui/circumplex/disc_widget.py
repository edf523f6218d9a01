"""A widget that shows the circumplex, round at any size and in any look."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from musicmed_desktop.ui.circumplex.canvas import Canvas
from musicmed_desktop.ui.circumplex.ground import paint_ground
from musicmed_desktop.ui.theme import appearance

LEAST = 320  # pixels at 100 %


class Layer:
    """A picture that is painted once, and then copied to the screen until it is dropped."""

    def __init__(self, paint: Callable[[QPainter], None]) -> None:
        self._paint = paint
        self._pixmap: QPixmap | None = None

    def drop(self) -> None:
        self._pixmap = None

    def pixmap(self, size: QSize, ratio: float) -> QPixmap:
        """The picture at a size in pixels of the window and `ratio` dots to each of them."""
        if self._pixmap is None or self._pixmap.devicePixelRatio() != ratio:
            self._pixmap = QPixmap(size * ratio)
            self._pixmap.setDevicePixelRatio(ratio)
            self._pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter)
            painter.end()
        return self._pixmap


class DiscWidget(QWidget):
    """Knows where things lie, keeps the ground as a picture, and drops what size and look have outdated."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._canvas: Canvas | None = None
        self.ground = Layer(self.paint_ground)  # what seldom changes
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        appearance().changed.connect(self._restyle)

    @property
    def canvas(self) -> Canvas:
        """Where things lie at the present size and look."""
        if self._canvas is None:
            self._canvas = Canvas.of(self)
        return self._canvas

    def paint_ground(self, painter: QPainter) -> None:
        """Paint that picture."""
        paint_ground(painter, self.canvas)

    def redraw(self) -> None:
        """Paint everything anew."""
        self._canvas = None
        self.ground.drop()
        self.update()

    def copy(self, layer: Layer, painter: QPainter, event: QPaintEvent) -> None:
        """Copy the exposed part of a layer."""
        ratio = self.devicePixelRatioF()
        part = QRectF(event.rect())
        source = QRectF(part.x() * ratio, part.y() * ratio, part.width() * ratio, part.height() * ratio)
        painter.drawPixmap(part, layer.pixmap(self.size(), ratio), source)

    def minimumSizeHint(self) -> QSize:
        return QSize(appearance().px(LEAST), appearance().px(LEAST))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint() * 1.35

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.redraw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._restyle()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.redraw()
