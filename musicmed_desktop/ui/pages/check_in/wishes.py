"""Where somebody would like to go: a few places that have a name, or any other."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup

from musicmed_desktop.ui.kit import Column, heading, release_all
from musicmed_desktop.ui.pages.check_in.presets import PRESETS, Preset
from musicmed_desktop.ui.pages.check_in.tile import Tile

_ELSEWHERE = len(PRESETS)


class Wishes(Column):
    """`changed` tells that another tile was pressed."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.add(heading("Where would you like to go?"))
        self._group = QButtonGroup(self)
        tiles = [Tile(preset.name, preset.text) for preset in PRESETS]
        for number, tile in enumerate([*tiles, Tile("Somewhere else", "Choose the place yourself")]):
            self._group.addButton(tile, number)
            self.add(tile)
        self.add(None)
        self._group.idClicked.connect(lambda _: self.changed.emit())

    @property
    def preset(self) -> Preset | None:
        """The preset that is pressed."""
        number = self._group.checkedId()
        return PRESETS[number] if 0 <= number < _ELSEWHERE else None

    @property
    def elsewhere(self) -> bool:
        """Whether the place is chosen on the picture."""
        return self._group.checkedId() == _ELSEWHERE

    def clear(self) -> None:
        release_all(self._group)
