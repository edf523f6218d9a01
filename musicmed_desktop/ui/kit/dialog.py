"""A window that asks for more than yes or no, without a nested event loop."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QDialog, QFrame, QVBoxLayout, QWidget

from musicmed_desktop.ui.kit.column import Part, add_parts
from musicmed_desktop.ui.kit.labels import heading
from musicmed_desktop.ui.kit.page import Page
from musicmed_desktop.ui.theme import appearance

_MARGIN, _GAP, _TITLE_BAR = 22, 12, 40  # pixels at 100 %


class Dialog(QDialog):
    """`parts` below its title, as of Column; as high as they need to be at a `width` in pixels at 100 %, wider where
    the screen is too low for that, and scrolled where it is too low even so.

    It is deleted when it is closed. Without a parent it is a window of its own.
    """

    def __init__(self, parent: QWidget | None, title: str, *parts: Part | None, width: int = 480) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("MusicMed")
        self.setAccessibleName(title)
        self._width = width
        self._page = Page(width=10 * width)  # all of the dialog's width
        self._page.setFrameShape(QFrame.Shape.NoFrame)
        self.column = self._page.column
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._page)
        self._page.sheet.installEventFilter(self)
        self.add(heading(title), *parts)
        self._measure()
        appearance().changed.connect(self._measure)

    def add(self, *parts: Part | None) -> None:
        add_parts(self.column, *parts)

    def come_forward(self) -> None:
        """Somebody looks for it."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is on the page has another size now."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Polish):
            self._fit()
        return super().eventFilter(watched, event)

    def _measure(self) -> None:
        margin = appearance().gap(_MARGIN)
        self.column.setContentsMargins(margin, margin, margin, margin)
        self.column.setSpacing(appearance().gap(_GAP))
        self._fit()

    def _fit(self) -> None:
        """Qt itself does not make a window higher for a text that wraps."""
        room, usual = self.screen().availableSize(), appearance().px(self._width)
        high = room.height() - appearance().px(_TITLE_BAR)
        widths = [min(width, room.width()) for width in (usual, round(usual * 1.4), room.width())]
        heights = [self._page.height_for(width) for width in widths]
        low = next((number for number, height in enumerate(heights) if height <= high), -1)
        self.setFixedWidth(widths[low])
        self.resize(widths[low], min(heights[low], high))
