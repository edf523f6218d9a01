"""A flow whose lines are filled: what can expand takes the room that is left."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayoutItem

from musicmed_desktop.ui.kit.flow import Flow

_ENDLESS = 1 << 20  # pixels
_Place = tuple[QLayoutItem, QRect]


class FilledFlow(Flow):
    """Made for a row of controls, of which some, such as a slider, are the better the longer they are."""

    def sizeHint(self) -> QSize:
        """All on one line."""
        width = max((place.right() + 1 for _, place in super()._places(_ENDLESS)), default=0)
        return QSize(width, self.minimumSize().height())

    def _places(self, width: int) -> list[_Place]:
        lines = groupby(super()._places(width), key=lambda place: place[1].top())
        return [place for _, line in lines for place in _filled(list(line), width)]


def _filled(line: list[_Place], width: int) -> list[_Place]:
    """The line as wide as the layout, its items in the middle of its height."""
    growing = [n for n, (item, _) in enumerate(line) if item.expandingDirections() & Qt.Orientation.Horizontal]
    spare = width - line[-1][1].right() - 1  # less than 0: an item is wider than the layout
    height = max(place.height() for _, place in line)
    shift, filled = 0, []
    for number, (item, place) in enumerate(line):
        extra = spare // len(growing) if number in growing else min(0, spare)
        top = place.top() + (height - place.height()) // 2
        filled.append((item, QRect(place.left() + shift, top, place.width() + extra, place.height())))
        shift += extra
    return filled
