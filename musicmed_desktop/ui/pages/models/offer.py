"""A model that can be downloaded: what it would be like on this computer, and how much there is to fetch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from musicmed_desktop.amounts import amount
from musicmed_desktop.ui.kit import Column, Flow, body, button, muted, small

if TYPE_CHECKING:
    from musicmed_desktop.engines.models.fitness import Fit


class Offer(Column):
    """`wanted` carries the catalogue's entry."""

    wanted = Signal(object)  # Entry

    gap = 10

    def __init__(self, fit: Fit, first: bool) -> None:
        """`first`: it is what suits this computer best; where it does not keep up, it is not offered that way."""
        super().__init__()
        entry = fit.entry
        size = amount(entry.download)
        self.entry, self.possible, self.first = entry, fit.fits, first and fit.keeps_up
        self.get = button(
            f"Download {size}",
            lambda: self.wanted.emit(entry),
            look="primary" if self.first else "",
            name=f"Download {entry.title}, {size}",
        )
        summary = body(f"{entry.title}. {entry.summary}")
        self.add(summary, (muted if self.first else small)(fit.sentence), Flow(self.get))
