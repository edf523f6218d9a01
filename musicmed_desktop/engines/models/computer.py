"""What this computer has for music models, and how fast it would play them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from musicmed_desktop.amounts import amount
from musicmed_desktop.engines.models.catalogue import Entry
from musicmed_desktop.engines.models.progress import Cancelled
from musicmed_desktop.engines.musicgen.pace import keep, recall, remembered
from musicmed_desktop.engines.musicgen.shapes import LARGE, MEDIUM, SMALL
from musicmed_desktop.engines.opening import musicgen_lacks

if TYPE_CHECKING:
    from musicmed_desktop.engines.musicgen.placement import Placement

SHAPES = {"musicgen-small": SMALL, "musicgen-medium": MEDIUM, "musicgen-large": LARGE}  # by entries' names


class Computer:
    """This one; models are kept in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def lacks(self, entry: Entry) -> str:
        """What is missing for it, in a sentence."""
        free = self._free_disk()
        if free is not None and free < entry.download and not os.path.lexists(self._folder / entry.name):
            return f"{entry.title} needs {amount(entry.download)} on the disk; {amount(free)} are free."
        if entry.kind != "model":
            return ""
        if lack := musicgen_lacks():
            return lack
        if not self._places_for(entry):
            return f"{entry.title} needs {amount(entry.memory)} of memory; {amount(self._free_memory())} are free."
        return ""

    def known_pace(self, entry: Entry) -> float | None:
        """Seconds for a second of music as measured before, with the model itself where it is here, or without it."""
        return remembered(self._folder / entry.name) or recall(_measured_as(entry))

    def measure(self, entry: Entry, told: Callable[[Entry], None], cancelled: Cancelled) -> float:
        """Seconds for a second of music, kept for the next time; `told` hears before, since it takes seconds.

        Raises CancelledError, and UserError where memory runs out.
        """
        from musicmed_desktop.engines.musicgen.estimate import estimated_pace

        told(entry)
        pace = estimated_pace(SHAPES[entry.name], self._places_for(entry), cancelled)
        keep(_measured_as(entry), pace)
        return pace

    def _free_disk(self) -> int | None:
        """In bytes, where the folder will be; None where that cannot be asked."""
        try:
            there = next(folder for folder in (self._folder, *self._folder.absolute().parents) if folder.is_dir())
            return shutil.disk_usage(there).free
        except OSError:
            return None

    @cached_property
    def _places(self) -> tuple[Placement, ...]:
        from musicmed_desktop.engines.musicgen.placement import placements

        return placements()

    def _places_for(self, entry: Entry) -> tuple[Placement, ...]:
        """Those with memory for it, the best first."""
        from musicmed_desktop.engines.musicgen.placement import fits as has_memory

        return tuple(place for place in self._places if has_memory(place, entry.memory))

    def _free_memory(self) -> int:
        """The most that is free in any place, in bytes."""
        from musicmed_desktop.engines.musicgen.placement import free_memory

        return max(free_memory(place.device) or 0 for place in self._places)


def _measured_as(entry: Entry) -> str:
    return f"{entry.name} with random weights"
