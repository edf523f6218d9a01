"""Before and after, session by session, over the weeks: a sentence, a picture, and words for each point."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen

from musicmed_desktop.library import Entry
from musicmed_desktop.ui.kit import Card, body, describe_as, muted
from musicmed_desktop.ui.pages.sessions.words import outcome, overview, when
from musicmed_desktop.ui.tasks import Tasks
from musicmed_desktop.ui.theme import appearance

if TYPE_CHECKING:
    from musicmed_desktop.ui.pages.sessions.plot import FeelingPlots

_HINT = "Point at a session, or use the arrow keys, to read about it. Enter shows it in the list."
_WAITING = "One moment, the picture is being drawn."
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Weeks(Card):
    """`opened` carries a session's id."""

    opened = Signal(str)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("How you felt before and after, over time")
        self._tasks = tasks
        self._asked = False
        self._entries: tuple[Entry, ...] = ()  # the oldest first
        self._shown: tuple[Sequence[Entry], str] = (), ""  # and the words of the span
        self._since: datetime | None = None
        self.chosen: int | None = None
        self.plots: FeelingPlots | None = None
        self.overview, self.caption = body(), muted()
        self._waiting = muted(_WAITING)
        self.add(self.overview, self._waiting, self.caption)

    def prepare(self) -> None:
        """Load the plotting library in the background, so that the picture is there when it is looked at."""
        if not self._asked:
            self._asked = True
            self._tasks.run(_load_plots, self._add_plots)

    def show_entries(self, entries: Sequence[Entry], since: datetime | None, span: str) -> None:
        """Show these sessions, on an axis from `since` (None: the first of them) to now."""
        self._since = since
        if (entries, span) != self._shown:  # thousands take a tenth of a second
            self._shown = entries, span
            self._entries = tuple(sorted(entries, key=lambda entry: entry.started))
            self.overview.setText(overview(self._entries, span))
        self._choose(None)
        self.prepare()
        if self.plots is not None:
            self.plots.show_entries(self._entries, since)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(appearance().tokens.focus), 3))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), appearance().px(14), appearance().px(14))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        last = len(self._entries) - 1
        if key in _KEYS and last >= 0:
            here = last + 1 if self.chosen is None else self.chosen
            self._choose(min(max(here + _KEYS[key], 0), last))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.chosen is not None:
            self.opened.emit(self._entries[self.chosen].id)
        else:
            super().keyPressEvent(event)

    def _choose(self, number: int | None) -> None:
        self.chosen = number
        words = _HINT
        if number is not None:
            entry = self._entries[number]
            words = f"{when(entry.started, datetime.now().astimezone())}. {entry.title}. Afterwards: {outcome(entry)}."
        self.caption.setText(words)
        describe_as(self, f"{self.overview.text()} {words}")
        if self.plots is not None:
            self.plots.mark(number)

    def _add_plots(self, plots: type[FeelingPlots]) -> None:
        self.plots = plots()
        self.plots.hovered.connect(self._choose)
        self.plots.pressed.connect(lambda number: self.opened.emit(self._entries[number].id))
        self._waiting.hide()
        self.column.insertWidget(1, self.plots, 1)
        self.plots.show_entries(self._entries, self._since)


def _load_plots() -> type[FeelingPlots]:
    from musicmed_desktop.ui.pages.sessions.plot import FeelingPlots

    return FeelingPlots
