"""What a screen reader is told beyond the names of the controls."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleValueChangeEvent
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, words: str) -> None:
    """Have words spoken now."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))


def describe_as(widget: QWidget, words: str) -> None:
    """Describe a widget that paints itself by `words` from now on, and have them spoken where it has the focus."""
    if words == widget.accessibleDescription():
        return
    widget.setAccessibleDescription(words)
    QAccessible.updateAccessibility(QAccessibleValueChangeEvent(widget, words))
    if widget.hasFocus():
        announce(widget, words)
