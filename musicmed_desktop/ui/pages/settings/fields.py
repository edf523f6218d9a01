"""A setting on the page: its name, what is chosen, and a line of help."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLabel, QSlider, QWidget

from musicmed_desktop.settings import Settings
from musicmed_desktop.ui.kit import Card, Column, Part, heading, small
from musicmed_desktop.ui.theme import appearance


class Choice(QComboBox):
    """A list to choose from. The wheel scrolls the page, and changes no setting on its way."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(14)

    def offer(self, words: str, value: str, possible: bool) -> None:
        """One more; what is not possible is seen, and cannot be chosen."""
        self.addItem(words, value)
        cast(QStandardItemModel, self.model()).item(self.count() - 1).setEnabled(possible)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Steps(QSlider):
    """A slider that the wheel leaves alone, too."""

    def __init__(self, low: int, high: int, step: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setPageStep(2 * step)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._measure()
        appearance().changed.connect(self._measure)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _measure(self) -> None:
        self.setMinimumHeight(appearance().px(34))


class Section(Card):
    """What belongs together."""

    gap = 14

    def __init__(self, name: str) -> None:
        super().__init__(heading(name))
        self.setAccessibleName(name)


class Field(Column):
    """A control below its name (with its letter for the keyboard), in a `line` that may hold more, and the help."""

    gap = 6

    def __init__(self, name: str, control: QWidget, helped: str, line: Part | None = None) -> None:
        label = QLabel(name)
        label.setBuddy(control)
        control.setAccessibleName(name.replace("&", ""))
        control.setAccessibleDescription(helped)
        super().__init__(label, control if line is None else line, small(helped))


def help_of(setting: str) -> str:
    """What the settings themselves say of one of them."""
    return Settings.model_fields[setting].description or ""
