"""The system's way of choosing a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def ask_folder(parent: QWidget, question: str, start: Path, chosen: Callable[[Path], object]) -> None:
    """Let the listener choose a folder, from `start` on; `chosen` gets it, unless they change their mind."""
    dialog = QFileDialog(parent, question)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setDirectory(str(start))
    dialog.fileSelected.connect(lambda folder: chosen(Path(folder)))
    dialog.open()
