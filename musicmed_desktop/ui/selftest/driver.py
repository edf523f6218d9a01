"""Carries out a script, step by step, while the window's own event loop runs."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

from musicmed_desktop.ui.selftest.hands import Condition, Script

_LOOK_MS = 5


class Driver(QObject):
    """`finished` carries what went wrong, or nothing; it is emitted once."""

    finished = Signal(str)

    def __init__(self, script: Script, patience_s: float) -> None:
        super().__init__()
        self._script = script
        self._patience_s = patience_s
        self._waited_for = "the start"
        self._there: Condition = lambda: True
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        self._since = monotonic()
        self._timer.start()

    def _look(self) -> None:
        try:
            if self._there():
                self._waited_for, self._there = next(self._script)
                self._since = monotonic()
            elif monotonic() - self._since > self._patience_s:
                self._end(f"waited {self._patience_s:.0f} seconds for {self._waited_for}")
        except StopIteration:
            self._end("")
        except RuntimeError as error:
            self._end(f"after {self._waited_for}: {error}")

    def _end(self, problem: str) -> None:
        self._timer.stop()
        self.finished.emit(problem)
