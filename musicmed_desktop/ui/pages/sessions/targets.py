"""Where a file goes that leaves the library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from musicmed_desktop.library.names import free_name

MUSIC = QStandardPaths.StandardLocation.MusicLocation
DOCUMENTS = QStandardPaths.StandardLocation.DocumentsLocation


def ask_target(
    parent: QWidget,
    question: str,
    kinds: Mapping[str, str],
    name: str,
    place: QStandardPaths.StandardLocation,
    chosen: Callable[[Path], object],
) -> QFileDialog:
    """Ask for a file of one of the `kinds` (filter: suffix); `chosen` is called with it, and it ends in a suffix."""
    dialog = QFileDialog(parent, question)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(kinds))
    dialog.setDirectory(QStandardPaths.writableLocation(place))
    dialog.setDefaultSuffix(next(iter(kinds.values())))
    dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(kinds[kind]))
    dialog.selectFile(name)  # without a suffix, so that the filter chooses it
    dialog.fileSelected.connect(
        lambda file: chosen(target_of(Path(file), kinds.values(), kinds[dialog.selectedNameFilter()]))
    )
    dialog.open()
    return dialog


def target_of(file: Path, suffixes: Iterable[str], wanted: str) -> Path:
    """The file, where its name says what it is; else with the `wanted` suffix behind it, beside what is there."""
    if file.suffix.casefold().removeprefix(".") in suffixes:
        return file
    name = free_name(
        file.name, lambda name: file.with_name(f"{name}.{wanted}").exists()
    )  # nobody was asked for that one
    return file.with_name(f"{name}.{wanted}")
