"""A list of folders to choose from, by their names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox


def list_folders(combo: QComboBox, none: str, folders: Sequence[Path], chosen: Path | None) -> None:
    """Offer `none`, which stands for None, and the folders, with the chosen one among them wherever it lies."""
    listed = [*folders] if chosen is None or chosen in folders else [*folders, chosen]
    combo.clear()
    combo.addItem(none, None)
    for number, folder in enumerate(listed, start=1):
        combo.addItem(folder.name, str(folder))
        combo.setItemData(number, str(folder), Qt.ItemDataRole.ToolTipRole)
    combo.setCurrentIndex(0 if chosen is None else combo.findData(str(chosen)))
