"""The way of a session on the circumplex, as it was planned and as it is heard; it answers why."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from musicmed_desktop.ui.circumplex import scene
from musicmed_desktop.ui.circumplex.step import WalkStep
from musicmed_desktop.ui.circumplex.walk import Walk
from musicmed_desktop.ui.circumplex.walk_picture import WalkPicture
from musicmed_desktop.ui.circumplex.words import why
from musicmed_desktop.ui.kit import describe_as


class TrajectoryView(WalkPicture):
    """`hovered` tells why a step's music is as it is, and "" when no step is asked for any more.

    A step is asked for by pointing at it, by touching it, or by the left and right arrow keys; Escape ends it.
    """

    hovered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked: WalkStep | None = None
        self.setAccessibleName("The path of the music")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    @property
    def why(self) -> str:
        """About the step that is asked for, else the one that is heard."""
        if self.walk is None:
            return ""
        return why(self._asked or self.walk.step_at(self.position_s))

    def set_walk(self, walk: Walk | None) -> None:
        self._asked = _renewed(self._asked, walk)
        super().set_walk(walk)

    def set_position(self, seconds: float) -> None:
        super().set_position(seconds)
        describe_as(self, self.why)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._asked:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            scene.paint_ring(painter, self.canvas, self._asked)
            painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._ask(self._under(event.position()), event.globalPosition().toPoint())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._ask(self._under(event.position()), event.globalPosition().toPoint())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._ask(None, QPoint())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ask(None, QPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turn = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if self.walk is None or (turn is None and (self._asked is None or event.key() != Qt.Key.Key_Escape)):
            super().keyPressEvent(event)
        elif turn is None:
            self._ask(None, QPoint())
        else:
            self._turn(self.walk, turn)

    def _turn(self, walk: Walk, turn: int) -> None:
        """Ask for the step that is heard, then for the one before or after it."""
        if self._asked is None:
            step = walk.step_at(self.position_s)
        else:
            step = walk.steps[min(len(walk.steps) - 1, max(0, self._asked.index + turn))]
        self._ask(step, self.mapToGlobal(self.canvas.at(step.heard).toPoint()))

    def _under(self, at: QPointF) -> WalkStep | None:
        return scene.step_under(self.walk, self.canvas, at) if self.walk else None

    def _ask(self, step: WalkStep | None, where: QPoint) -> None:
        if step == self._asked:
            return
        self._asked = step
        describe_as(self, self.why)
        # As rich text a long explanation is broken into lines.
        QToolTip.showText(where, f"<qt>{escape(self.why)}</qt>" if step else "", self)
        self.hovered.emit(self.why if step else "")
        self.update()


def _renewed(step: WalkStep | None, walk: Walk | None) -> WalkStep | None:
    """The same step as the new walk has it; gone where the new walk is shorter."""
    if step is None or walk is None or step.index >= len(walk.steps):
        return None
    same = walk.steps[step.index]
    return same if same.duration_s == step.duration_s else step
