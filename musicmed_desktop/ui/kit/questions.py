"""Questions and notices that wait for the person, without a nested event loop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.kit.buttons import Look
from musicmed_desktop.ui.kit.labels import set_look


def ask(
    parent: QWidget,
    question: str,
    text: str,
    yes: str,
    no: str,
    answered: Callable[[bool], object],
    look: Look = "primary",
) -> QMessageBox:
    """Ask; `answered` is called with whether `yes` was pressed. Escape means no."""
    box = _box(parent, question, text)
    accept = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    set_look(accept, look)
    refuse = box.addButton(no, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(refuse)
    box.setEscapeButton(refuse)
    box.finished.connect(lambda _: answered(box.clickedButton() is accept))
    box.open()
    return box


def tell(parent: QWidget | None, error: UserError) -> QMessageBox:
    """What went wrong, and what can be done; the technical detail unfolds on demand."""
    box = _box(parent, error.title, error.hint)
    box.addButton("Close", QMessageBox.ButtonRole.AcceptRole)
    if error.detail:
        box.setDetailedText(error.detail)
    box.open()
    return box


def _box(parent: QWidget | None, title: str, text: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("MusicMed")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(title)
    box.setInformativeText(text)
    return box
