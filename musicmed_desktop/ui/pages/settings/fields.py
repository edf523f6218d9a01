"""A setting on the page: its name, what is chosen, and a line of help."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QLayout, QSlider, QVBoxLayout, QWidget

from musicmed_desktop.settings import Settings
from musicmed_desktop.ui.kit import card, heading, small
from musicmed_desktop.ui.theme import appearance


class Choice(QComboBox):
    """A list to choose from. The wheel scrolls the page, and changes no setting on its way."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(14)

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


def section(name: str, *parts: QWidget | QLayout) -> QFrame:
    """A card with what belongs together."""
    made = card(heading(name), *parts)
    made.setAccessibleName(name)
    return made


def field(name: str, control: QWidget, line: QWidget | QLayout, helped: str) -> QWidget:
    """A control below its name (with its letter for the keyboard), in a `line` that may hold more, and the help."""
    label = QLabel(name)
    label.setBuddy(control)
    control.setAccessibleName(name.replace("&", ""))
    control.setAccessibleDescription(helped)
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(label)
    if isinstance(line, QWidget):
        column.addWidget(line)
    else:
        column.addLayout(line)
    column.addWidget(small(helped))
    return holder


def help_of(setting: str) -> str:
    """What the settings themselves say of one of them."""
    return Settings.model_fields[setting].description or ""
