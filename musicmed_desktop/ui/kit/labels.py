"""Texts in the looks of the style sheet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


def title(text: str) -> QLabel:
    """The one title of a page."""
    return _label(text, "title")


def heading(text: str) -> QLabel:
    return _label(text, "heading")


def body(text: str = "") -> QLabel:
    return _label(text, "body")


def muted(text: str = "") -> QLabel:
    return _label(text, "muted")


def small(text: str = "") -> QLabel:
    return _label(text, "small")


def error(text: str = "") -> QLabel:
    return _label(text, "error")


def show_text(label: QLabel, text: str) -> None:
    """Show `text`; where there is none, the label takes no room."""
    label.setText(text)
    label.setVisible(bool(text))


def set_look(widget: QWidget, look: str) -> None:
    """Another look of the style sheet, from now on."""
    if widget.property("look") != look:
        widget.setProperty("look", look)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def _label(text: str, look: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("look", look)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)  # a title or a note may hold anything
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
    return label
