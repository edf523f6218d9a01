"""Recently deleted: what can be brought back for a while, and the way to be rid of it now."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from musicmed_desktop.errors import UserError
from musicmed_desktop.library import Entry
from musicmed_desktop.library.trash import TRASH_DAYS
from musicmed_desktop.ui.kit import Column, Flow, ask, body, button, heading, muted
from musicmed_desktop.ui.pages.sessions.model import ENTRY, SessionModel
from musicmed_desktop.ui.pages.sessions.rows import DeletedRows
from musicmed_desktop.ui.pages.sessions.view import session_view
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.theme import appearance

_WHAT = f"What you delete stays here for {TRASH_DAYS:.0f} days. Then it is removed for good."
_FOR_GOOD = "This cannot be undone. The music, your notes and what you felt are removed from this computer."


class Trash(Column):
    """`closed` leads back to the sessions; `restored` carries the id of one that is back there."""

    closed = Signal()
    restored = Signal(str)
    refused = Signal(object)  # UserError
    notice = Signal(str, object)  # words, None

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._library, self._tasks = services.library, services.tasks
        self.model = SessionModel(self)
        self.view = _view(self.model)
        self.back = button("Back to my sessions", self.closed.emit)
        self.nothing = body("Nothing was deleted in the last weeks.")
        self.bring_back = button("Bring back", self._restore, look="primary")
        self.empty = button("Remove all for good…", self._ask, look="danger")
        self.add(Flow(self.back), heading("Recently deleted"), muted(_WHAT), self.nothing, self.view)
        self.add(Flow(self.bring_back, self.empty))
        self.column.setStretchFactor(self.view, 1)
        self.column.addStretch(0)
        self.view.doubleClicked.connect(self._restore)
        self.view.selectionModel().selectionChanged.connect(self._follow)
        self._measure()
        appearance().changed.connect(self._measure)

    def load(self) -> None:
        """Look into the library."""
        self._tasks.run(self._library.deleted, self._show, self.refused.emit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.view.hasFocus():
            self._restore()
        else:
            super().keyPressEvent(event)

    def _show(self, entries: tuple[Entry, ...]) -> None:
        self.model.show_entries(entries)
        for part in (self.view, self.bring_back, self.empty):
            part.setVisible(bool(entries))
        self.nothing.setVisible(not entries)
        if not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self.model.index(0, 0))
        self._follow()
        if self.isVisible():
            (self.view if entries else self.back).setFocus()

    def _follow(self) -> None:
        self.bring_back.setEnabled(self.view.selectionModel().hasSelection())

    def _restore(self, _index: QModelIndex | None = None) -> None:
        """Bring back what is chosen; the last one of them is shown in the list."""
        chosen: list[Entry] = [index.data(ENTRY) for index in self.view.selectionModel().selectedIndexes()]
        if not chosen:
            return
        words = f"“{chosen[0].title}” is back" if len(chosen) == 1 else f"{len(chosen):,} sessions are back"

        def restore() -> None:
            for entry in chosen:
                self._library.restore(entry.id)

        def restored(_: None) -> None:
            self.restored.emit(chosen[-1].id)
            self.notice.emit(f"{words} in My sessions.", None)
            self.load()

        self._tasks.run(restore, restored, self._refuse)

    def _ask(self) -> None:
        count = len(self.model.entries)
        which = "this session" if count == 1 else f"these {count:,} sessions"
        ask(
            self,
            f"Remove {which} for good?",
            _FOR_GOOD,
            yes="Remove for good",
            no="Keep",
            answered=lambda yes: self._purge() if yes else None,
            look="danger",
        )

    def _purge(self) -> None:
        def purged(count: int) -> None:
            self.notice.emit(f"{'1 session was' if count == 1 else f'{count:,} sessions were'} removed for good.", None)
            self.load()

        self._tasks.run_apart(lambda: self._library.purge(days=0), purged, self._refuse)

    def _refuse(self, error: UserError) -> None:
        self.refused.emit(error)
        self.load()

    def _measure(self) -> None:
        self.view.setMinimumHeight(appearance().px(220))
        self.view.scheduleDelayedItemsLayout()


def _view(model: SessionModel) -> QListView:
    view = session_view(model, "Recently deleted sessions", "Enter brings the chosen ones back.")
    view.setItemDelegate(DeletedRows(view))
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    return view
