"""Where a copy of a session goes, and in what form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from musicmed_desktop.audio.files import Format
from musicmed_desktop.library import Entry, file_name

FORMATS: dict[str, Format] = {
    "Full quality (*.flac)": "flac",
    "For any player, large (*.wav)": "wav",
    "Small (*.ogg)": "ogg",
    "Small, for phones (*.mp3)": "mp3",
}


def ask_where(parent: QWidget, entry: Entry, chosen: Callable[[Path, Format], object]) -> QFileDialog:
    """Ask for a file; `chosen` is called with it and the form that its name or the filter says."""
    dialog = QFileDialog(parent, "Save a copy")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(FORMATS))
    dialog.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MusicLocation))
    dialog.setDefaultSuffix("flac")
    dialog.filterSelected.connect(lambda name: dialog.setDefaultSuffix(FORMATS[name]))
    dialog.selectFile(file_name(entry))  # without a suffix, so that the filter chooses it
    dialog.fileSelected.connect(lambda file: chosen(*target_of(Path(file), FORMATS[dialog.selectedNameFilter()])))
    dialog.open()
    return dialog


def target_of(file: Path, wanted: Format) -> tuple[Path, Format]:
    """The file and its form: what its name says where it says one, else what is wanted, put behind the name."""
    said = next((form for form in FORMATS.values() if file.suffix.casefold() == f".{form}"), None)
    return (file, said) if said else (file.with_name(f"{file.name}.{wanted}"), wanted)
