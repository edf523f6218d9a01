"""Buttons in the looks of the style sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

Look = Literal["", "primary", "danger", "quiet", "link", "rail"]


def button(text: str, pressed: Callable[[], object] | None = None, look: Look = "", name: str = "") -> QPushButton:
    """A push button; `name` is what a screen reader says where `text` alone would not do."""
    made = QPushButton(text)
    if look:
        made.setProperty("look", look)
    if name:
        made.setAccessibleName(name)
    made.setAutoDefault(False)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if pressed is not None:
        made.clicked.connect(lambda: pressed())
    return made


def choice_group(parent: QWidget, texts: Iterable[str], look: Look = "") -> QButtonGroup:
    """Buttons of which one is pressed at a time, numbered from 0; their layout is the caller's."""
    group = QButtonGroup(parent)
    group.setExclusive(True)
    for number, text in enumerate(texts):
        made = button(text, look=look)
        made.setCheckable(True)
        group.addButton(made, number)
    return group
