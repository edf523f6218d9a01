"""What is done with all sessions, or before there are any: a quiet menu at the head of the page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from musicmed_desktop.ui.kit import Button


class More(Button):
    """The keys work on the whole `page`."""

    def __init__(self, page: QWidget) -> None:
        super().__init__("More")
        self.setAccessibleName("More, for all sessions")
        self._menu = QMenu(self)
        self.bring_in = self._add(page, "Bring in sessions…", "Ctrl+O")
        self.deleted = self._add(page, "Recently deleted")
        self._menu.addSeparator()
        self.table = self._add(page, "Save a table of all sessions…")
        self.setMenu(self._menu)

    def _add(self, page: QWidget, text: str, key: str = "") -> QAction:
        action = QAction(text, page)
        if key:
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            page.addAction(action)
        self._menu.addAction(action)
        return action
