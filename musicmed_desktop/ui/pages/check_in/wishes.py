"""Where somebody would like to go: a few places that have a name, or any other."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup

from musicmed_desktop.ui.kit import heading
from musicmed_desktop.ui.kit.column import Column
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
        self.column.addStretch(1)
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
        self._group.setExclusive(False)
        for tile in self._group.buttons():
            tile.setChecked(False)
        self._group.setExclusive(True)
