"""The picture of a walk, with the moment that is heard."""

from __future__ import annotations

import time

from PySide6.QtCore import QRect, QRectF, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from musicmed_desktop.affect import Affect
from musicmed_desktop.ui.circumplex import scene
from musicmed_desktop.ui.circumplex.disc_widget import DiscWidget, Layer
from musicmed_desktop.ui.circumplex.glide import Glide
from musicmed_desktop.ui.circumplex.ground import free_feelings, paint_focus, paint_ground
from musicmed_desktop.ui.circumplex.marks import Mark, around, end_marks, named_mark, paint_marks
from musicmed_desktop.ui.circumplex.walk import Walk

_FRAME_MS = 25
_SAME = 0.05  # units; marks that are nearer than this are one


class WalkPicture(DiscWidget):
    """Draws paths, plateaus, clips and line once, and between them only the point that moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._walk: Walk | None = None
        self._position_s = 0.0
        self._heard = 0  # steps
        self._glide: Glide | None = None
        self._before: Affect | None = None
        self._after: Affect | None = None
        self._walked = Layer(self._paint_walked)
        self._named = Layer(self._paint_named)
        self._live = QRect()  # where the point is, with its light and the end of the line
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self._advance)

    @property
    def walk(self) -> Walk | None:
        return self._walk

    @property
    def position_s(self) -> float:
        return self._position_s

    @property
    def point(self) -> Affect | None:
        """Where the glowing point is drawn now."""
        return self._glide.at(time.monotonic()) if self._glide else None

    def set_walk(self, walk: Walk | None) -> None:
        """Show a walk; None takes it away."""
        if _plan_of(walk) != _plan_of(self._walk):
            self.ground.drop()
        self._walk = walk
        self._glide = self._glide if walk else None
        self._walked.drop()
        self._named.drop()
        self.set_position(self._position_s)
        self.update()

    def set_position(self, seconds: float) -> None:
        """Show the moment at `seconds` of the session."""
        self._position_s = seconds
        if self._walk is None:
            return
        now_s, goal = time.monotonic(), self._walk.place(seconds)
        if self._glide is None:
            self._glide = Glide(goal, now_s)
        self._glide.follow(goal, now_s)
        if self._heard != (heard := self._walk.passed(seconds)):
            self._heard = heard
            self._walked.drop()
            self.update()
        self._advance()

    def set_marks(self, before: Affect | None = None, after: Affect | None = None) -> None:
        """Mark how the listener felt before and after."""
        self._before, self._after = before, after
        self.redraw()

    def redraw(self) -> None:
        self._walked.drop()
        self._named.drop()
        super().redraw()

    def _advance(self) -> None:
        """Move the point on, and repaint the place where it was and where it is."""
        now_s = time.monotonic()
        if self._glide is None or self._glide.arrived(now_s):
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()
        live = self._live_part()
        self.update(self._live.united(live))
        self._live = live

    def _tail(self) -> list[Affect]:
        """The line from the middle of the last heard step to the point."""
        if self._walk is None or self.point is None or not self._heard:
            return []
        return [*self._walk.trail(self._position_s, self._heard - 1)[:-1], self.point]

    def _live_part(self) -> QRect:
        if self.point is None:
            return QRect()
        spots = [self.canvas.at(affect) for affect in (*self._tail(), self.point)]
        left, top = min(spot.x() for spot in spots), min(spot.y() for spot in spots)
        right, bottom = max(spot.x() for spot in spots), max(spot.y() for spot in spots)
        reach = self.canvas.px(scene.GLOW) + 2
        return QRectF(left, top, right - left, bottom - top).adjusted(-reach, -reach, reach, reach).toAlignedRect()

    def paint_ground(self, painter: QPainter) -> None:
        paint_ground(painter, self.canvas, self._places())
        if self._walk:
            scene.paint_plan(painter, self.canvas, self._walk)

    def _places(self) -> list[Affect]:
        """What the words around the rim give way to."""
        felt = [affect for affect in (self._before, self._after) if affect]
        return [*felt, *self._walk.plateaus] if self._walk else felt

    def _paint_walked(self, painter: QPainter) -> None:
        if self._walk:
            scene.paint_walked(painter, self.canvas, self._walk, self._heard)

    def _paint_named(self, painter: QPainter) -> None:
        if self._walk is None:
            return
        canvas, walk = self.canvas, self._walk
        words = (*canvas.poles, *free_feelings(canvas, self._places()))
        end = around(canvas.disc.position(walk.curve[-1]), canvas.px(scene.POINT + 3))
        taken = [*(word.room(canvas.px(3)) for word in words), end]
        paint_marks(painter, canvas, self._marks(walk), taken, map(canvas.disc.position, scene.busy(walk)))

    def _marks(self, walk: Walk) -> list[Mark]:
        """Before and after go before start and target where they are the same."""
        ink = QColor(self.canvas.tokens.ink)
        asked = (("before", self._before), ("after", self._after))
        felt = [named_mark(affect, name, ink) for name, affect in asked if affect]
        ends = end_marks(self.canvas, walk.start, walk.target)
        return [*felt, *(end for end in ends if all(end.affect.distance(m.affect) > _SAME for m in felt))]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.copy(self.ground, painter, event)
        if self.hasFocus():
            paint_focus(painter, self.canvas)
        if self._walk and self.point:
            self.copy(self._walked, painter, event)
            self.copy(self._named, painter, event)
            scene.paint_tail(painter, self.canvas, self._walk, self._tail(), self._heard)
            scene.paint_point(painter, self.canvas, self._walk, self.canvas.at(self.point), self._position_s)
        painter.end()


def _plan_of(walk: Walk | None) -> tuple[object, ...]:
    return (walk.paths, walk.plateaus) if walk else ()
