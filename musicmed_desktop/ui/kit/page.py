"""The frame of a page: one column that scrolls, and never grows too wide to be read."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from musicmed_desktop.ui.kit.column import Part, add_parts
from musicmed_desktop.ui.theme import appearance


class Page(QScrollArea):
    """A column as Column is. What has the keyboard focus is scrolled into sight."""

    def __init__(self, *parts: Part | None, width: int = 980) -> None:
        super().__init__()
        self._width = width
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.sheet = QWidget()
        self.sheet.setProperty("look", "page")
        self._content = QWidget()
        self.column = QVBoxLayout(self._content)
        across = QHBoxLayout(self.sheet)
        across.setContentsMargins(0, 0, 0, 0)
        across.addStretch(1)
        across.addWidget(self._content, 1000)
        across.addStretch(1)
        self.setWidget(self.sheet)
        self.add(*parts)
        self._measure()
        appearance().changed.connect(self._measure)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._show_focus)

    def add(self, *parts: Part | None) -> None:
        add_parts(self.column, *parts)

    def height_for(self, width: int) -> int:
        """In pixels, without any scrolling."""
        layout = self.sheet.layout()
        assert layout is not None
        return layout.totalHeightForWidth(width)

    def _measure(self) -> None:
        gap = appearance().gap
        self._content.setMaximumWidth(appearance().px(self._width))
        self.column.setContentsMargins(gap(28), gap(24), gap(28), gap(28))
        self.column.setSpacing(gap(14))

    def _show_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self._content.isAncestorOf(new):
            inside = QRect(new.mapTo(self.sheet, new.rect().topLeft()), new.size())
            visible = self.viewport().rect().translated(-self.sheet.pos())
            if not visible.contains(inside):
                self.ensureWidgetVisible(new, 12, 24)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.verticalScrollBar().setValue(0)
