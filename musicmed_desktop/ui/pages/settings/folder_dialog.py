"""The system's way of choosing a folder or a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def ask_folder(parent: QWidget, question: str, start: Path, chosen: Callable[[Path], object]) -> None:
    """Let the listener choose a folder, from `start` on; `chosen` gets it, unless they change their mind."""
    dialog = _dialog(parent, question, start, chosen)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.open()


def ask_file(parent: QWidget, question: str, kinds: str, start: Path, chosen: Callable[[Path], object]) -> None:
    """Let the listener choose a file that is there; `kinds` is a filter as in "Zip files (*.zip)"."""
    dialog = _dialog(parent, question, start, chosen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(kinds)
    dialog.open()


def _dialog(parent: QWidget, question: str, start: Path, chosen: Callable[[Path], object]) -> QFileDialog:
    dialog = QFileDialog(parent, question)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setDirectory(str(start))
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    return dialog
