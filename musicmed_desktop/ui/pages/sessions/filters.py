"""What is looked for among the sessions."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from musicmed_desktop.ui.kit import SideBySide
from musicmed_desktop.ui.theme import appearance

SPANS = (
    ("All sessions", "So far", 0),
    ("The last 4 weeks", "In the last 4 weeks", 28),
    ("The last 3 months", "In the last 3 months", 92),
    ("The last year", "In the last year", 366),
)  # name, beginning of a sentence, days
_REST_MS = 120  # typing goes on before the list is filtered


class Filters(SideBySide):
    """A search field, the favourites, and a span of time."""

    changed = Signal()

    def __init__(self) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search by title, feeling, note or date")
        self.search.setAccessibleName("Search the sessions")
        self.search.setClearButtonEnabled(True)
        self.favourites = QCheckBox("Favourites only")
        self.span = QComboBox()
        self.span.setAccessibleName("Span of time")
        self.span.addItems([name for name, _, _ in SPANS])
        super().__init__(560, (self.search, 1), (self.favourites, 0), (self.span, 0))
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(_REST_MS)
        self._resting.timeout.connect(self.changed)
        self.search.textChanged.connect(self._resting.start)
        self.favourites.toggled.connect(self.changed)
        self.span.currentIndexChanged.connect(self.changed)
        self._size()
        appearance().changed.connect(self._size)

    @property
    def since(self) -> datetime | None:
        """The first moment that is looked at; None where all time is."""
        days = SPANS[self.span.currentIndex()][2]
        return datetime.now().astimezone() - timedelta(days=days) if days else None

    @property
    def words(self) -> str:
        """What is looked at, as the beginning of a sentence."""
        narrowed = self.favourites.isChecked() or self.search.text().strip()
        return SPANS[self.span.currentIndex()][1] + (", among those you look for" if narrowed else "")

    def clear(self) -> None:
        """Look for everything."""
        self.search.clear()
        self.favourites.setChecked(False)
        self.span.setCurrentIndex(0)

    def _size(self) -> None:
        self.search.setMinimumWidth(appearance().px(190))
