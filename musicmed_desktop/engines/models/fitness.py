"""Which models suit this computer: by its disk, its memory, and a pace that is measured before they are downloaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from musicmed_desktop.engines.models.catalogue import Entry
from musicmed_desktop.engines.models.computer import Computer
from musicmed_desktop.engines.models.progress import Cancelled, CancelledError, nobody
from musicmed_desktop.engines.opening import KEEPS_UP
from musicmed_desktop.errors import UserError
from musicmed_desktop.paths import models_folder

_REAL_TIME = 1.25  # seconds for a second of music, up to which it is "about as fast as real time"


@dataclass(frozen=True)
class Fit:
    """`fits` says whether this computer has what the model needs; `pace` is in seconds for a second of music, None
    where it was not measured; `sentence` tells a listener why."""

    entry: Entry
    pace: float | None
    fits: bool
    sentence: str

    @property
    def keeps_up(self) -> bool:
        """Whether its music can be listened to while it is made."""
        return self.fits and self.pace is not None and self.pace <= KEEPS_UP


def fits(
    entries: Iterable[Entry],
    told: Callable[[Entry], None] = lambda _: None,
    cancelled: Cancelled = nobody,
    folder: Path | None = None,
) -> tuple[Fit, ...]:
    """How each suits this computer: the one to recommend first, which is the largest that keeps up, else the smallest
    that there is room for; the music models with room before the others, those without room last.

    The first time takes a few seconds for a model, of which `told` hears before; its pace is then remembered. Raises
    CancelledError within a moment. `folder` is where models are kept.
    """
    computer, found = Computer(folder or models_folder()), list[Fit]()
    for entry in sorted(entries, key=lambda entry: entry.memory):
        if cancelled():
            raise CancelledError
        slower = next((fit.entry for fit in found if fit.pace is not None and not fit.keeps_up), None)
        found.append(_fit(entry, computer, slower, told, cancelled))
    return tuple(sorted(found, key=_place))


def _place(fit: Fit) -> tuple[int, int]:
    if fit.keeps_up:
        return 0, -fit.entry.memory
    if not fit.fits:
        return 3, fit.entry.memory
    return (1 if fit.entry.kind == "model" else 2), fit.entry.memory


def _fit(
    entry: Entry, computer: Computer, slower: Entry | None, told: Callable[[Entry], None], cancelled: Cancelled
) -> Fit:
    if lack := computer.lacks(entry):
        return Fit(entry, None, False, lack)
    if entry.kind != "model":
        return Fit(entry, None, True, f"{entry.title} makes no music: this computer need not be fast for it.")
    pace = computer.known_pace(entry)
    if pace is None and slower:
        return Fit(entry, None, True, f"{entry.title} is slower here than {slower.title}, which does not keep up.")
    try:
        pace = pace or computer.measure(entry, told, cancelled)
    except UserError as error:
        return Fit(entry, None, False, error.title)
    return Fit(entry, pace, True, _sentence(entry, pace))


def _sentence(entry: Entry, pace: float) -> str:
    measured = f"{pace:.1f} seconds" if pace >= 0.1 else "less than 0.1 seconds"
    measured = f"{measured} for a second of music, measured here."
    if pace <= KEEPS_UP:
        return f"This computer can play {entry.title} while it is being made: {measured}"
    if pace <= _REAL_TIME:
        return (
            f"This computer can make the music of {entry.title} about as fast as real time: {measured} To listen at "
            "once, the built-in composer suits it better."
        )
    return f"{entry.title} is too slow for this computer: {measured} The built-in composer suits it best."
