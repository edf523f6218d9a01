"""Buttons in the looks of the style sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

Look = Literal["", "primary", "danger", "quiet", "link", "rail"]


class Button(QPushButton):
    """As people mean it: Enter presses it as Space does, and a double click is one click.

    The second half of a double click may lie on what has come there meanwhile: Stop lies where Start was.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self.click()


def button(text: str, pressed: Callable[[], object] | None = None, look: Look = "", name: str = "") -> Button:
    """A push button; `name` is what a screen reader says where `text` alone would not do."""
    made = Button(text)
    if look:
        made.setProperty("look", look)
    if name:
        made.setAccessibleName(name)
    if pressed is not None:
        made.clicked.connect(lambda: pressed())
    return made


def choice_group(parent: QWidget, texts: Iterable[str]) -> QButtonGroup:
    """Buttons of which one is pressed at a time, numbered from 0; their layout is the caller's."""
    group = QButtonGroup(parent)
    for number, text in enumerate(texts):
        made = button(text)
        made.setCheckable(True)
        group.addButton(made, number)
    return group


def release_all(group: QButtonGroup) -> None:
    """No button is pressed any more."""
    group.setExclusive(False)
    for each in group.buttons():
        each.setChecked(False)
    group.setExclusive(True)
