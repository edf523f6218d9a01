"""What a widget that paints itself tells a screen reader."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleValueChangeEvent
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, words: str) -> None:
    """Describe the widget by `words` from now on, and have them spoken where it has the focus."""
    if words == widget.accessibleDescription():
        return
    widget.setAccessibleDescription(words)
    QAccessible.updateAccessibility(QAccessibleValueChangeEvent(widget, words))
    if widget.hasFocus():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))
