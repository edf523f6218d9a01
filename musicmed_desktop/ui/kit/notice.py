"""A line at the foot of the window that says what happened, and lets it be undone for a while."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout

from musicmed_desktop.ui.kit.announcing import announce
from musicmed_desktop.ui.kit.buttons import button
from musicmed_desktop.ui.kit.labels import body
from musicmed_desktop.ui.theme import appearance

SHOWN_MS = 12_000
_MARGINS = (26, 9)  # pixels at 100 %: at the sides, above and below


class Notice(QFrame):
    """Hidden until `show_text`; goes away by itself, but not while its button has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "notice")
        self._text = body()
        self._undo = button("Undo", self._undone)
        self._close = button("Close", self.dismiss, look="quiet", name="Close this message")
        self._action: Callable[[], object] | None = None
        self._across = across = QHBoxLayout(self)
        across.addWidget(self._text, 1)
        across.addWidget(self._undo)
        across.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._expired)
        self._space()
        appearance().changed.connect(self._space)
        self.hide()

    def show_text(self, text: str, undo: Callable[[], object] | None = None) -> None:
        """Say `text`; where `undo` is given, a button calls it."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self._action = undo
        self._undo.setVisible(undo is not None)
        self.show()
        announce(self, text)
        self._timer.start(SHOWN_MS)

    def dismiss(self) -> None:
        self._timer.stop()
        self._action = None
        self.hide()

    def _space(self) -> None:
        """Its words stand as far from the window's edge as those of the pages."""
        beside, above = map(appearance().gap, _MARGINS)
        self._across.setContentsMargins(beside, above, beside, above)

    def _expired(self) -> None:
        if self._undo.hasFocus() or self._close.hasFocus() or self.underMouse():
            self._timer.start(SHOWN_MS)
        else:
            self.dismiss()

    def _undone(self) -> None:
        action = self._action
        self.dismiss()
        if action is not None:
            action()
