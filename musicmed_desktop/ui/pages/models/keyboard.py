"""Where the keyboard is, while parts of the page come and go: never lost, and never on what throws something away."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from musicmed_desktop.ui.pages.models.bringing import Bringing
from musicmed_desktop.ui.pages.models.getting import Getting
from musicmed_desktop.ui.pages.models.row import TransferRow
from musicmed_desktop.ui.pages.models.shelf import Shelf


class Keyboard:
    """`otherwise` has it where nothing better is in sight."""

    def __init__(
        self, row: TransferRow, shelf: Shelf, getting: Getting, bringing: Bringing, otherwise: QWidget
    ) -> None:
        self._row, self._shelf, self._getting, self._bringing = row, shelf, getting, bringing
        self._otherwise = otherwise
        self._began: QWidget | None = None  # had the keyboard before what is under way
        self._brought = ""

    def order(self) -> None:
        """What came later is reached where it is seen."""
        stops = [self._row.details, *self._shelf.stops, *self._getting.stops, self._bringing.folder, self._bringing.zip]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def begin(self) -> None:
        """Go from what began it to what is under way."""
        focused = self._focused
        if focused and not self._row.isAncestorOf(focused):
            self._began = focused
        _focus(self._row.first_button)

    def follow_row(self) -> None:
        """Go to what is to be done now, unless the keyboard has gone elsewhere meanwhile."""
        if self._focused is None or self._row.isAncestorOf(self._focused):
            _focus(self._row.first_button)

    def leave_row(self) -> None:
        """Go back to what began it."""
        _focus(self._began if _usable(self._began) else self._otherwise)

    def expect(self, name: str) -> None:
        """A model of this name will be among those that are here."""
        self._brought = name

    def follow_brought(self) -> None:
        """Go on to what was expected from the button that brought it, for that may be gone in a moment."""
        card, began = self._shelf.card_of(self._brought), self._began
        self._brought = ""
        if card and began and _usable(began) and began is self._focused and not self._shelf.isAncestorOf(began):
            _focus(card.examine)

    @property
    def _focused(self) -> QWidget | None:
        """It may be in another window for a while, such as in a question."""
        return self._row.window().focusWidget()


def _usable(widget: QWidget | None) -> bool:
    return widget is not None and isValid(widget) and widget.isVisible() and widget.isEnabled()


def _focus(widget: QWidget | None) -> None:
    if widget:
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
