"""The sessions as Qt's list views see them: a model of all, and a proxy for those that are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)

from musicmed_desktop.library import Entry, filtered
from musicmed_desktop.ui.pages.sessions.words import sentence

Index = QModelIndex | QPersistentModelIndex
ENTRY = Qt.ItemDataRole.UserRole
_ROOT = QModelIndex()


class SessionModel(QAbstractListModel):
    """One row for each entry. A new title is not set here, but asked for with `renamed`: the library keeps titles."""

    renamed = Signal(object, str)  # Entry, title

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Have these rows, in this order; where only their contents changed, views keep their place."""
        if [entry.id for entry in entries] != [entry.id for entry in self.entries]:
            self.beginResetModel()
            self.entries = tuple(entries)
            self.endResetModel()
            return
        shown, self.entries = self.entries, tuple(entries)
        for row, (old, new) in enumerate(zip(shown, entries, strict=True)):
            if old is not new:
                self.dataChanged.emit(self.index(row), self.index(row))

    def put(self, entry: Entry) -> None:
        """Show this state of a session that is in the list."""
        self.show_entries([entry if each.id == entry.id else each for each in self.entries])

    def take(self, id: str) -> None:
        """Show a session no more."""
        row = next((row for row, entry in enumerate(self.entries) if entry.id == id), None)
        if row is not None:
            self.beginRemoveRows(_ROOT, row, row)
            self.entries = self.entries[:row] + self.entries[row + 1 :]
            self.endRemoveRows()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return entry.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return sentence(entry, datetime.now().astimezone())
            case Qt.ItemDataRole.UserRole:
                return entry
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        entry, title = self.entries[index.row()], " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or not title or title == entry.title:
            return False
        self.renamed.emit(entry, title)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable


class FoundSessions(QSortFilterProxyModel):
    """The sessions that are looked for, in the order of the model."""

    def __init__(self, model: SessionModel) -> None:
        super().__init__(model)
        self._text, self._favourites_only = "", False
        self._since: datetime | None = None
        self.setSourceModel(model)

    def look_for(self, text: str, favourites_only: bool, since: datetime | None) -> None:
        """Show what holds the words, among the favourites if so wished, and began at `since` or later."""
        self.beginFilterChange()
        self._text, self._favourites_only, self._since = text, favourites_only, since
        self.endFilterChange()

    def entries(self) -> list[Entry]:
        entries = self._source.entries
        return [entries[self.mapToSource(self.index(row, 0)).row()] for row in range(self.rowCount())]

    def entry(self, index: Index) -> Entry | None:
        found: Entry | None = index.data(ENTRY) if index.isValid() else None
        return found

    def index_of(self, id: str) -> QModelIndex:
        """Where the session is; an invalid index where it is not among those found."""
        rows = (row for row, entry in enumerate(self._source.entries) if entry.id == id)
        return self.mapFromSource(self._source.index(next(rows, -1)))

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:  # noqa: ARG002 (Qt's names)
        entry = self._source.entries[row]
        if self._since is not None and entry.started < self._since:
            return False
        return bool(filtered((entry,), self._text, favourites_only=self._favourites_only))

    @property
    def _source(self) -> SessionModel:
        model = self.sourceModel()
        assert isinstance(model, SessionModel)
        return model
