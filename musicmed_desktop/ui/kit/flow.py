"""A layout that puts widgets beside each other and goes on below where the line is full, as words in a text."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from musicmed_desktop.ui.theme import appearance

_GAP = 8  # pixels at 100 %


class Flow(QLayout):
    """Made for buttons; what can expand, such as a slider, fills its line. Hidden widgets take no room."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max((place.bottom() + 1 for _, place in self._places(width)), default=0)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        for item, place in self._places(rect.width()):
            item.setGeometry(place.translated(rect.topLeft()))

    def sizeHint(self) -> QSize:
        """All on one line."""
        return QSize(_length(self._shown()), self.minimumSize().height())

    def minimumSize(self) -> QSize:
        least = QSize()
        for item in self._shown():
            least = least.expandedTo(item.minimumSize())
        return least

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _places(self, width: int) -> list[tuple[QLayoutItem, QRect]]:
        """Every item's place, relative to the layout's own corner; in the middle of its line's height."""
        gap = appearance().gap(_GAP)
        places: list[tuple[QLayoutItem, QRect]] = []
        top = 0
        for line in self._lines(width):
            height = max(item.sizeHint().height() for item in line)
            left = 0
            for item, wide in zip(line, _widths(line, width), strict=True):
                high = item.sizeHint().height()
                places.append((item, QRect(left, top + (height - high) // 2, wide, high)))
                left += wide + gap
            top += height + gap
        return places

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        for item in self._shown():
            if not lines or _length([*lines[-1], item]) > width:
                lines.append([])
            lines[-1].append(item)
        return lines


def _length(line: list[QLayoutItem]) -> int:
    """The width of the items and the gaps between them."""
    return sum(item.sizeHint().width() for item in line) + appearance().gap(_GAP) * max(0, len(line) - 1)


def _widths(line: list[QLayoutItem], width: int) -> list[int]:
    """What can expand shares the room that is left."""
    hints = [item.sizeHint().width() for item in line]
    spare = width - _length(line)
    if spare < 0:  # a single item that is wider than the layout
        return [hints[0] + spare]
    growing = [bool(item.expandingDirections() & Qt.Orientation.Horizontal) for item in line]
    share = spare // max(1, sum(growing))
    return [hint + share * grows for hint, grows in zip(hints, growing, strict=True)]
