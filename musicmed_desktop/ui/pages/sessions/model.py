"""The sessions as Qt's list views see them: all that are given, or those among them that are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
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
        changed = [row for row, (old, new) in enumerate(zip(self.entries, entries, strict=True)) if old is not new]
        if changed:
            self.entries = tuple(entries)
        for row in changed:
            self.dataChanged.emit(self.index(row), self.index(row))

    def remove(self, row: int) -> None:
        """Show a row no more; without effect where it is -1."""
        if row >= 0:
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


class FoundSessions(SessionModel):
    """Of `all` sessions, those that are looked for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.all: tuple[Entry, ...] = ()
        self._text, self._favourites_only = "", False
        self._since: datetime | None = None

    def look_for(self, text: str, favourites_only: bool, since: datetime | None) -> None:
        """Show what holds the words, among the favourites if so wished, and began at `since` or later."""
        self._text, self._favourites_only, self._since = text, favourites_only, since
        self._show_found()

    def show_all(self, entries: Sequence[Entry]) -> None:
        self.all = tuple(entries)
        self._show_found()

    def put(self, entry: Entry) -> None:
        """Show this state of a session that is there."""
        self.show_all([entry if each.id == entry.id else each for each in self.all])

    def take(self, id: str) -> None:
        """Show a session no more."""
        self.all = tuple(entry for entry in self.all if entry.id != id)
        self.remove(self.index_of(id).row())

    def entry(self, index: Index) -> Entry | None:
        return self.entries[index.row()] if index.isValid() else None

    def index_of(self, id: str) -> QModelIndex:
        """Where the session is; an invalid index where it is not among those found."""
        return self.index(next((row for row, entry in enumerate(self.entries) if entry.id == id), -1))

    def _show_found(self) -> None:
        since = self._since
        entries = self.all if since is None else [entry for entry in self.all if entry.started >= since]
        self.show_entries(filtered(entries, self._text, favourites_only=self._favourites_only))
