"""What can be done with the chosen session, by key, context menu and button."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QMenu


class SessionActions:
    """The keys work while `view` has the focus; its context menu lists the actions."""

    def __init__(self, view: QAbstractItemView) -> None:
        self._view = view
        self.replay = self._add("Listen again", "Return", "Enter")
        self.rename = self._add("Rename", "F2")
        self.favourite = self._add("Favourite", "Ctrl+D", "*", "Shift+*")
        self.favourite.setCheckable(True)
        self.export = self._add("Save a copy…", "Ctrl+E")
        self.send = self._add("Save for your therapist…", "Ctrl+Shift+E")
        self.delete = self._add("Delete", "Del", "Backspace")
        self._menu = QMenu(view)  # opened with popup(): Qt's own menu of actions runs an event loop of its own
        self._menu.addActions(self.all)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(lambda place: self._menu.popup(view.viewport().mapToGlobal(place)))

    @property
    def all(self) -> Sequence[QAction]:
        return (self.replay, self.rename, self.favourite, self.export, self.send, self.delete)

    def show(self, favourite: bool | None) -> None:
        """Of a session that is a favourite or not; None: of none, so that nothing can be done."""
        for action in self.all:
            action.setEnabled(favourite is not None)
        self.favourite.setChecked(bool(favourite))

    def _add(self, text: str, *keys: str) -> QAction:
        action = QAction(text, self._view)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._view.addAction(action)
        return action
