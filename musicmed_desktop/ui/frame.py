"""The frame around the pages: the places beside them, and below them what goes on and what has happened."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from musicmed_desktop.ui.kit import Notice
from musicmed_desktop.ui.rail import Rail
from musicmed_desktop.ui.strip import SessionStrip
from musicmed_desktop.ui.theme import appearance

_NARROW = 800  # pixels at 100 %; where the frame is narrower, the places lie along its top


class Frame(QWidget):
    """Shows one of its pages at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.rail, self.strip, self.notice = Rail(), SessionStrip(), Notice()
        self._stack = QStackedWidget()
        inner, self._outer = QVBoxLayout(), QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        for layout in (inner, self._outer):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        inner.addWidget(self._stack, 1)
        inner.addWidget(self.strip)
        inner.addWidget(self.notice)
        self._outer.addWidget(self.rail)
        self._outer.addLayout(inner, 1)
        self._arrange()
        appearance().changed.connect(self._arrange)

    def hold(self, page: QWidget) -> None:
        """Take a page in, to be shown later."""
        self._stack.addWidget(page)

    def show_page(self, page: QWidget) -> None:
        self._stack.setCurrentWidget(page)

    def say(self, words: str, undo: object = None) -> None:
        """Say what happened; `undo`, a callable or None, takes it back."""
        self.notice.show_text(words, undo if callable(undo) else None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        along_top = self.width() < appearance().px(_NARROW)
        way = QBoxLayout.Direction.TopToBottom if along_top else QBoxLayout.Direction.LeftToRight
        if self._outer.direction() != way:
            self._outer.setDirection(way)
            self.rail.lie(along_top)
