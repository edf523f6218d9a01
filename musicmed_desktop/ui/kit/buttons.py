"""Buttons in the looks of the style sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

Look = Literal["", "primary", "danger", "quiet", "link", "rail"]


class Button(QPushButton):
    """A double click is one click, as people mean it: its second half may lie on what has come there meanwhile."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()


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
