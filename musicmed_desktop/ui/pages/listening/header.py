"""The head of the page: from where to where, and how long it still takes."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QProgressBar

from musicmed_desktop.ui.kit import Column, Row, set_look, title
from musicmed_desktop.ui.pages.listening.words import left_words
from musicmed_desktop.ui.theme import appearance

_SHARES = 1000
_ROOMY = 480  # pixels at 100 %; where it is narrower, the words are smaller


class Header(Column):
    """Each part is touched only when its words change."""

    gap = 4

    def __init__(self) -> None:
        super().__init__()
        self._journey, self._left = title(""), title("")
        self._left.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._left.setWordWrap(False)
        self._progress = QProgressBar()
        self._progress.setRange(0, _SHARES)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName("Played")
        across = Row(self._journey, self._left)
        across.setStretch(0, 1)
        self.add(across, self._progress)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit)  # the layout that is under way would not see what it changes

    def _fit(self) -> None:
        look = "title" if self.width() >= appearance().px(_ROOMY) else "heading"
        for label in (self._journey, self._left):
            set_look(label, look)

    @property
    def journey(self) -> str:
        return self._journey.text()

    @property
    def left(self) -> str:
        return self._left.text()

    @property
    def share(self) -> float:
        """Of the session, as the bar shows it."""
        return self._progress.value() / _SHARES

    def show_journey(self, words: str) -> None:
        self._journey.setText(words)

    def show_time(self, position_s: float, seconds: float) -> None:
        """`position_s` of `seconds` were heard."""
        words = left_words(position_s, seconds)
        if words != self._left.text():
            self._left.setText(words)
        self._progress.setValue(round(_SHARES * min(1.0, position_s / seconds)))
