"""The middle of a page: a picture, and the words that go with it."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from musicmed_desktop.ui.kit import Page, Part
from musicmed_desktop.ui.theme import appearance

_BESIDE = 300  # pixels at 100 %: the least width of the words beside the picture
_WIDEST = 460
_LEAST = 240  # pixels: the least width of the picture beside the words


class Stage(QWidget):
    """The picture takes what it can use; the words stand beside it, or below it in a narrow window, and scroll."""

    def __init__(self, picture: QWidget, *words: Part) -> None:
        super().__init__()
        picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.words = Page(*words, None, width=_WIDEST)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(18)
        self._box.addWidget(picture, 1)
        self._box.addWidget(self.words)
        appearance().changed.connect(self._arrange)

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST, 60)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        px, width, height = appearance().px, self.width(), self.height()
        self.words.column.setContentsMargins(2, 2, px(12), 2)
        beside = width - px(_BESIDE) >= _LEAST
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        if beside:
            room = min(px(_WIDEST), max(px(_BESIDE), width - height))
            self.words.setMinimumSize(room, 0)
            self.words.setMaximumSize(room, height)
        else:
            self.words.setMinimumSize(0, 0)
            self.words.setMaximumSize(width, height * 2 // 5)
