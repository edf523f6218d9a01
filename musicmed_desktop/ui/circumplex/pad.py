"""The pad: a disc on which somebody shows how they feel, by mouse, finger or arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QTouchEvent
from PySide6.QtWidgets import QWidget

from musicmed_desktop.affect import Affect
from musicmed_desktop.session.svg import Position
from musicmed_desktop.ui.circumplex.canvas import Canvas
from musicmed_desktop.ui.circumplex.disc import reachable
from musicmed_desktop.ui.circumplex.disc_widget import DiscWidget
from musicmed_desktop.ui.circumplex.ground import paint_focus
from musicmed_desktop.ui.circumplex.marks import Mark, between, end_marks, paint_marks, paint_path
from musicmed_desktop.ui.circumplex.thumb import paint_invitation, paint_thumb
from musicmed_desktop.ui.circumplex.words import describe
from musicmed_desktop.ui.kit import describe_as

STEP, STRIDE = 0.05, 0.2  # of an arrow key, without and with Shift
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_TOUCHES = (QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd)
_NEUTRAL = Affect(0.0, 0.0)
_HELP = "Nothing is chosen yet. The arrow keys move the point: right is more pleasant, up is livelier."


class AffectPad(DiscWidget):
    """`moved` tells each new Affect while it is being looked for, `chosen` the one that was settled on."""

    moved = Signal(object)
    chosen = Signal(object)

    def __init__(self, name: str = "How you feel", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._affect: Affect | None = None
        self._planned: tuple[Affect, ...] = ()
        self._mark: Mark | None = None
        self.setAccessibleName(name)
        self.setAccessibleDescription(_HELP)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def affect(self) -> Affect | None:
        """The point that is shown; None while nothing is chosen."""
        return self._affect

    def set_affect(self, affect: Affect | None) -> None:
        """Show a point, or that nothing is chosen yet; no signal tells of it."""
        if affect == self._affect:
            return
        self._affect = affect
        describe_as(self, describe(affect) if affect else _HELP)
        self.update()

    def set_planned(self, path: tuple[Affect, ...]) -> None:
        """Draw a path from start to target under the point; an empty one takes it away."""
        self._planned = path
        self.update()

    def set_mark(self, affect: Affect | None, name: str = "before") -> None:
        """Mark an earlier point by its name; None takes the mark away."""
        self._mark = Mark(affect, name, QColor()) if affect else None
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() in _TOUCHES and isinstance(event, QTouchEvent) and event.points():
            self._follow(event.points()[0].position())
            if event.type() == QEvent.Type.TouchEnd:
                self._settle()
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._follow(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._follow(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._settle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here, key = self._affect or _NEUTRAL, Qt.Key(event.key())
        if key in _ARROWS:
            far = STRIDE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
            right, up = _ARROWS[key]
            here = reachable(here.valence + far * right, here.arousal + far * up)
        elif key == Qt.Key.Key_Home:
            here = _NEUTRAL
        else:
            super().keyPressEvent(event)
            return
        self._move(here)
        self._settle()

    def _follow(self, at: QPointF) -> None:
        self._move(self.canvas.disc.affect((at.x(), at.y())))

    def _move(self, affect: Affect) -> None:
        self.set_affect(affect)
        self.moved.emit(affect)

    def _settle(self) -> None:
        if self._affect is not None:
            self.chosen.emit(self._affect)

    def paintEvent(self, event: QPaintEvent) -> None:
        canvas = self.canvas
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.copy(self.ground, painter, event)
        if self.hasFocus():
            paint_focus(painter, canvas)
        if self._planned:
            paint_path(painter, canvas, self._planned)
        taken = [word.room(canvas.px(3)) for word in (*canvas.poles, *canvas.feelings)]
        paint_marks(painter, canvas, self._marks(canvas), taken, self._busy(canvas))
        if self._affect is None:
            paint_invitation(painter, canvas)
        else:
            paint_thumb(painter, canvas, self._affect, named=not self._planned)
        painter.end()

    def _marks(self, canvas: Canvas) -> tuple[Mark, ...]:
        ends = end_marks(canvas, self._planned[0], self._planned[-1]) if self._planned else ()
        if self._mark is None:
            return ends
        return (*ends, Mark(self._mark.affect, self._mark.name, QColor(canvas.tokens.muted)))

    def _busy(self, canvas: Canvas) -> list[Position]:
        points = between(self._planned)
        if self._affect is None:
            return [canvas.disc.position(point) for point in points]
        x, y = canvas.disc.position(self._affect)
        ring = [(x + dx * canvas.px(14), y + dy * canvas.px(14)) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        return [*(canvas.disc.position(point) for point in points), *ring]
