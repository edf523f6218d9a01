"""A quiet sign that music is sounding."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from musicmed_desktop.ui.theme import appearance

FLOOR_DBFS = -48.0
_FALL_DB = 0.8  # a look: it sinks slowly, so that it breathes and does not flicker
_CELL, _GAP = 7, 4  # pixels at 100 % text size
_LEVELS = ((-60.0, "silent"), (-34.0, "very soft"), (-24.0, "soft"), (-14.0, "medium"), (0.0, "full"))


class LevelMeter(QWidget):
    """A row of dots, lit up to the level; `set_level` is called about 30 times a second."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Sound level")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._level = FLOOR_DBFS
        self._lit = 0
        self.set_level(FLOOR_DBFS)
        appearance().changed.connect(self.updateGeometry)

    def set_level(self, dbfs: float) -> None:
        """Show a level in dBFS; it repaints only where a dot changes."""
        self._level = max(dbfs, self._level - _FALL_DB, FLOOR_DBFS)
        lit = round(self._dots * (1 - self._level / FLOOR_DBFS))
        if lit != self._lit:
            self._lit = lit
            self.update()
        words = level_words(self._level if self._level > FLOOR_DBFS else -100.0)
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    @property
    def lit(self) -> int:
        """How many dots are lit."""
        return self._lit

    def sizeHint(self) -> QSize:
        px = appearance().px
        return QSize(px(8 * (_CELL + _GAP)), px(_CELL + 3))

    @property
    def _dots(self) -> int:
        px = appearance().px
        return max(1, self.width() // px(_CELL + _GAP))

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = appearance()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        step, height = look.px(_CELL + _GAP), look.px(_CELL) / 2
        for dot in range(self._dots):
            painter.setBrush(QColor(look.tokens.accent if dot < self._lit else look.tokens.line))
            painter.drawRoundedRect(
                QRectF(dot * step, (self.height() - height) / 2, look.px(_CELL), height), height / 2, height / 2
            )


def level_words(level_dbfs: float) -> str:
    """How loud the music is just now, before the volume of the device."""
    return next((words for ceiling, words in _LEVELS if level_dbfs <= ceiling), "full")
