"""Taking a model from a stick or a folder: chosen, or dropped on the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtWidgets import QWidget

from musicmed_desktop.amounts import amount
from musicmed_desktop.ui.kit import Flow, ask, body, button
from musicmed_desktop.ui.pages.models.words import KINDS
from musicmed_desktop.ui.pages.settings.fields import Section
from musicmed_desktop.ui.pages.settings.folder_dialog import ask_file, ask_folder

if TYPE_CHECKING:
    from musicmed_desktop.engines.models.importing import Arrival

_TEXT = (
    "If somebody gave you a model on a stick, choose its folder or its .zip file here, or drop it on this page. It is "
    "copied to this computer; the stick stays as it is, and no network is needed."
)


class Bringing(Section):
    """`chosen` carries the path of a folder or a zip."""

    chosen = Signal(object)  # Path

    def __init__(self) -> None:
        super().__init__("From a stick or a folder")
        self.folder = button("Import a folder…", self._ask_folder)
        self.zip = button("Import a zip file…", self._ask_zip)
        self.add(body(_TEXT), Flow(self.folder, self.zip))

    def show_busy(self, busy: bool) -> None:
        """While something is under way, nothing else can begin."""
        for each in (self.folder, self.zip):
            each.setEnabled(not busy)

    def _ask_folder(self) -> None:
        ask_folder(self, "The folder of a model or an adapter", Path.home(), self.chosen.emit)

    def _ask_zip(self) -> None:
        ask_file(self, "The zip file of a model or an adapter", "Zip files (*.zip)", Path.home(), self.chosen.emit)


def ask_import(parent: QWidget, arrival: Arrival, wanted: Callable[[], object]) -> None:
    """Say what it is, and ask whether to take it."""
    ask(
        parent,
        f"Import {arrival.name}?",
        f"{KINDS[arrival.kind]}, {amount(arrival.size)}. It is checked while it is copied to this computer.",
        yes="Import",
        no="Not now",
        answered=lambda yes: wanted() if yes else None,
    )


def dropped(data: QMimeData) -> Path | None:
    """The one folder or zip that is being dropped; None where it is something else."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if len(paths) != 1:
        return None
    (path,) = paths
    return path if path.is_dir() or path.suffix.casefold() == ".zip" else None
