"""Words for feelings, for those who would rather choose a word than a place on a picture."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QListView

from musicmed_desktop.affect import mood, moods
from musicmed_desktop.ui.kit import Column, small
from musicmed_desktop.ui.theme import appearance

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class WordList(Column):
    """`picked` carries the Mood that was chosen; typing shows the words that hold what was typed."""

    picked = Signal(object)  # Mood

    def __init__(self, name: str) -> None:
        super().__init__()
        self.field = _Filter()
        self.field.setPlaceholderText("Find a word")
        self.field.setClearButtonEnabled(True)
        self.field.setAccessibleName(f"{name}: find a word")
        self._words = QSortFilterProxyModel(self)
        self._words.setSourceModel(QStringListModel([mood.word for mood in moods() if mood.felt], self))
        self._words.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.list = _List()
        self.list.setModel(self._words)
        self.list.setAccessibleName(f"{name}: words")
        self._none = small("No such word here. Try another one, or use the picture.")
        self._none.hide()
        self.add(self.field, self._none, self.list)
        self.column.setStretch(2, 1)
        self.field.textChanged.connect(self._narrow)
        self.field.entered.connect(self._take_first)
        self.field.left_downwards.connect(self._enter)
        self.list.picked.connect(lambda word: self.picked.emit(mood(word)))
        self._measure()
        appearance().changed.connect(self._measure)

    def show_word(self, word: str | None) -> None:
        """Mark a word, and bring it into sight; `picked` does not tell of it."""
        if word is None:
            self.field.clear()
            self.list.setCurrentIndex(QModelIndex())
            self.list.scrollToTop()
            return
        row = self._row(word)
        if row is None:
            self.field.clear()
            row = self._row(word)
        if row is not None:
            index = self._words.index(row, 0)
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)

    def _row(self, word: str) -> int | None:
        rows = range(self._words.rowCount())
        return next((row for row in rows if self._words.index(row, 0).data() == word), None)

    def _narrow(self, text: str) -> None:
        self._words.setFilterFixedString(text.strip())
        self._none.setVisible(self._words.rowCount() == 0)

    def _take_first(self) -> None:
        if self._words.rowCount():
            self.list.pick(self._words.index(0, 0))

    def _enter(self) -> None:
        self.list.setFocus()
        self._take_first()

    def _measure(self) -> None:
        self.setMinimumSize(appearance().px(140), appearance().px(200))


class _Filter(QLineEdit):
    """Enter chooses the first word and does nothing else; the down arrow goes on to the list."""

    entered = Signal()
    left_downwards = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)


class _List(QListView):
    """A word is picked by a click, by Enter, or by going to it with the keys."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setUniformItemSizes(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.clicked.connect(self.pick)

    def pick(self, index: QModelIndex) -> None:
        self.setCurrentIndex(index)
        self.picked.emit(index.data())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.currentIndex()
        if event.key() not in _ENTER:
            super().keyPressEvent(event)
        now = self.currentIndex()
        if now.isValid() and (now != before or event.key() in _ENTER):
            self.pick(now)
