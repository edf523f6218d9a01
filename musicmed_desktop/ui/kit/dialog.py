"""A window that asks for more than yes or no, without a nested event loop."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from musicmed_desktop.ui.kit.column import Part, add_parts
from musicmed_desktop.ui.kit.labels import heading
from musicmed_desktop.ui.theme import appearance

_MARGIN, _GAP = 22, 12  # pixels at 100 %


class Dialog(QDialog):
    """`parts` below its title, as of Column; as high as they need to be at a `width` in pixels at 100 %, and wider
    where the screen is too low for that.

    It is deleted when it is closed. Without a parent it is a window of its own.
    """

    def __init__(self, parent: QWidget | None, title: str, *parts: Part | None, width: int = 480) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("MusicMed")
        self.setAccessibleName(title)
        self._width = width
        self.column = QVBoxLayout(self)
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

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Polish):
            self._fit()
        return done

    def _measure(self) -> None:
        margin = appearance().gap(_MARGIN)
        self.column.setContentsMargins(margin, margin, margin, margin)
        self.column.setSpacing(appearance().gap(_GAP))
        self._fit()

    def _fit(self) -> None:
        """Qt itself does not make a window higher for a text that wraps."""
        room, usual = self.screen().availableSize(), appearance().px(self._width)
        widths = [min(width, room.width()) for width in (usual, round(usual * 1.4), room.width())]
        heights = [self.column.totalHeightForWidth(width) for width in widths]
        low = next((number for number, height in enumerate(heights) if height <= room.height()), -1)
        self.setFixedWidth(widths[low])
        self.resize(widths[low], min(heights[low], room.height()))
