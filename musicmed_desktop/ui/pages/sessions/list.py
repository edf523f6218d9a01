"""The list of sessions: a search, the rows, and the chosen one beside them."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QListView, QWidget

from musicmed_desktop.library import Entry
from musicmed_desktop.ui.kit import Card, Column, SideBySide, body, button
from musicmed_desktop.ui.pages.sessions.actions import SessionActions
from musicmed_desktop.ui.pages.sessions.details import SessionDetails
from musicmed_desktop.ui.pages.sessions.model import FoundSessions
from musicmed_desktop.ui.pages.sessions.session_rows import SessionRows
from musicmed_desktop.ui.pages.sessions.view import session_view
from musicmed_desktop.ui.theme import appearance


class SessionList(Column):
    """`chosen` is the session that actions are for; one is chosen wherever the list has any."""

    all_wanted = Signal()  # nothing was found, and the listener wants to see everything again
    starred = Signal(object)  # Entry

    def __init__(self, found: FoundSessions) -> None:
        super().__init__()
        self._found = found
        self._kept = ""  # id of the session chosen last
        self.view = _view(found)
        self.rows = SessionRows(self.view)
        self.rows.starred.connect(self.starred)
        self.view.setItemDelegate(self.rows)
        self.actions_ = SessionActions(self.view)
        self.view.doubleClicked.connect(self.actions_.replay.trigger)
        self.actions_.rename.triggered.connect(lambda: self.view.edit(self.view.currentIndex()))
        self.details = SessionDetails(self.actions_)
        self._side_by_side = SideBySide(590, (_on_top(self.view), 1), (self.details, 0))
        self.nothing_found = Card(
            body("No session fits what you are looking for."),
            button("Show all sessions", self.all_wanted.emit),
        )
        self.add(self._side_by_side, self.nothing_found)
        self.column.setStretch(0, 1)
        self.column.addStretch(0)
        self.view.selectionModel().currentChanged.connect(self._show_chosen)
        found.dataChanged.connect(self._show_changed)
        self._measure()
        appearance().changed.connect(self._measure)

    @property
    def chosen(self) -> Entry | None:
        return self._found.entry(self.view.currentIndex())

    def choose(self, id: str) -> None:
        """Choose that session, now or as soon as it is in the list."""
        self._kept = id
        if self._found.index_of(id).isValid():
            self.settle()

    def settle(self) -> None:
        """After the list changed: choose what was chosen, or else the first."""
        any_found = self._found.rowCount() > 0
        self._side_by_side.setVisible(any_found)
        self.nothing_found.setVisible(not any_found)
        if any_found and (self.chosen is None or self.chosen.id != self._kept):
            kept = self._found.index_of(self._kept)
            self.view.setCurrentIndex(kept if kept.isValid() else self._beside_the_lost())
        self._show_chosen()

    def limit_height(self, height: int) -> None:
        self.view.setMaximumHeight(max(height, self.view.minimumHeight()))

    def _beside_the_lost(self) -> QModelIndex:
        """Where a row goes, the view moves to its neighbour by itself."""
        current = self.view.currentIndex()
        return current if current.isValid() else self._found.index(0, 0)

    def _show_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        if first.row() <= self.view.currentIndex().row() <= last.row():
            self._show_chosen()

    def _show_chosen(self) -> None:
        entry = self.chosen
        self.actions_.show(None if entry is None else entry.favourite)
        if entry is not None:
            self._kept = entry.id
            self.details.show_entry(entry)

    def _measure(self) -> None:
        self.view.setMinimumSize(appearance().px(270), appearance().px(250))
        self.view.scheduleDelayedItemsLayout()


def _on_top(view: QWidget) -> QWidget:
    """Keeps a view that may not grow any more at the top."""
    holder = Column(view)
    holder.column.setStretch(0, 1)
    holder.column.addStretch(0)
    return holder


def _view(found: FoundSessions) -> QListView:
    view = session_view(found, "Sessions", "Enter plays a session again, F2 renames it, Delete removes it.")
    view.setMouseTracking(True)
    return view
