"""The question whether a licence is accepted, asked once before the first model that has it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QWidget

from musicmed_desktop.engines.models.licences import Licence
from musicmed_desktop.ui.kit import ask


def ask_licence(parent: QWidget, licence: Licence, answered: Callable[[bool], object]) -> QMessageBox:
    """In plain words, with the address of the whole text."""
    return ask(
        parent,
        f"Do you accept the licence {licence.title}?",
        f"{licence.summary}\n\nThe whole text: {licence.url}",
        yes="I accept",
        no="Not now",
        answered=answered,
    )
