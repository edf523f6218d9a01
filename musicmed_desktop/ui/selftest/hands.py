"""Mouse and keys, as a person has them: real events to real widgets that are in sight."""

from __future__ import annotations

from collections.abc import Callable, Generator

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

Condition = Callable[[], object]  # waited for until it is true
Script = Generator[tuple[str, Condition], None, None]  # what is waited for, in words, and when it is there


def click(widget: QWidget, at: QPoint | None = None) -> None:
    """Click in the middle of a widget, or `at` a point of it; RuntimeError where nobody could."""
    if not (widget.isVisible() and widget.isEnabled()):
        raise RuntimeError(f"{widget.accessibleName() or widget} is not there to be clicked")
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())


def press(widget: QWidget, key: Qt.Key) -> None:
    QTest.keyClick(widget, key)


def find_button(within: QWidget, text: str) -> QAbstractButton:
    """The visible button with this text."""
    for each in within.findChildren(QAbstractButton):
        if each.isVisible() and text in (each.text(), each.accessibleName()):
            return each
    raise RuntimeError(f"there is no button {text!r} in sight")
