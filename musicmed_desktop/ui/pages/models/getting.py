"""Getting a model from the network: the one that fits this computer, the others folded away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from musicmed_desktop.engines.models.catalogue import Entry
from musicmed_desktop.engines.models.licences import NotAcceptedError, find_licence
from musicmed_desktop.ui.kit import Column, Flow, body, button, muted, show_text
from musicmed_desktop.ui.pages.models.offer import Offer
from musicmed_desktop.ui.pages.settings.fields import Section, help_of
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.transfers import Transfers

if TYPE_CHECKING:
    from musicmed_desktop.engines.models.fitness import Fit

LOOKING = "Looking at what this computer can play…"
LATER = "The app looks at what this computer can play when nothing else is going on."
ALL_HERE = "Everything that could be downloaded is on this computer."
BEST_HERE = "What suits this computer best is here already."
NO_ROOM = "The built-in composer suits this computer best."
OTHERS, ALL_THE_SAME, HIDE = "Other sizes", "Show the models all the same", "Show less"
OFFLINE = (
    "The app may not use the network, so nothing can be downloaded. Untick “Never use the network” below to change "
    "that, or take a model from a stick."
)
STARTED_OFFLINE = (
    "The app was started with --offline, so nothing can be downloaded. Start it without that to change this, or take "
    "a model from a stick."
)
LICENCE = "Licence: {}. You are asked once whether you accept it, before anything is fetched."


class Getting(Section):
    """`wanted` carries the catalogue's entry. Nothing here uses the network."""

    wanted = Signal(object)  # Entry
    measure_again = Signal()
    renewed = Signal()  # the offers

    def __init__(self, services: Services) -> None:
        super().__init__("Get a model")
        self._preferences, self._services = services.preferences, services
        self._fits: tuple[Fit, ...] = ()
        self._missing: frozenset[str] = frozenset()
        self._offered: list[tuple[Fit, bool]] = []
        self._waits_for, self._busy, self._begun = LOOKING, False, ""
        self.offers: list[Offer] = []
        self.says, self.licence = body(LOOKING), muted()
        self._first, self._others = Column(), Column()
        self.more = button("", look="link")
        self.more.setCheckable(True)
        self.again = button("Measure again", self.measure_again.emit, look="link")
        self.again.setToolTip("Other programs may have kept this computer busy.")
        for link in (self.more, self.again):
            link.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.offline = QCheckBox("&Never use the network")
        self.offline.setAccessibleDescription(help_of("offline"))
        self.add(self.says, self._first, self.licence, Flow(self.more, self.again), self._others, self.offline)
        self.more.toggled.connect(self.follow)
        self.offline.toggled.connect(lambda on: self._preferences.change(offline=on))
        self._preferences.changed.connect(self.follow)
        self.follow()

    def wait_for(self, what: str) -> None:
        """What is to be said until it is known what this computer can play."""
        self._waits_for = what
        self.follow()

    def show_fits(self, fits: tuple[Fit, ...]) -> None:
        """What this computer can play, the best first."""
        self._fits = fits
        self._offer()

    def show_missing(self, missing: tuple[Entry, ...]) -> None:
        """What is not here."""
        self._missing = frozenset(entry.name for entry in missing)
        self._offer()

    def show_transfer(self, transfers: Transfers) -> None:
        """What is under way, or was begun, is not offered a second time; meanwhile nothing else can begin."""
        self._busy = transfers.busy
        asking = isinstance(transfers.problem, NotAcceptedError)
        self._begun = transfers.transfer.about if transfers.transfer and not asking else ""
        self.follow()

    @property
    def stops(self) -> list[QWidget]:
        """What the keyboard reaches, in this order."""
        first = [offer.get for offer in self.offers if offer.first]
        others = [offer.get for offer in self.offers if not offer.first]
        return [*first, self.more, self.again, *others, self.offline]

    @property
    def knows(self) -> bool:
        """Whether it was said what this computer can play."""
        return bool(self._fits)

    def follow(self) -> None:
        """Show the settings as they are now."""
        allowed = self._services.may_use_network()
        with QSignalBlocker(self.offline):
            self.offline.setChecked(not allowed)
        self.offline.setEnabled(not self._services.offline)
        for offer in self.offers:
            offer.get.setVisible(allowed and offer.possible and offer.entry.name != self._begun)
            offer.get.setEnabled(not self._busy)
        # It stays while it has the keyboard: else that would be on something else when it is measured anew.
        measured = any(fit.pace is not None for fit in self._fits)
        self.again.setVisible(allowed and (measured or self.window().focusWidget() is self.again))
        self.again.setEnabled(not self._busy)
        self._show_words(allowed)
        self._show_others()

    def _offer(self) -> None:
        wanted = [(fit, number == 0) for number, fit in enumerate(self._fits) if fit.entry.name in self._missing]
        if wanted != self._offered:  # else the keyboard may be on one of them
            self._offered = wanted
            self._renew()
        self.follow()

    def _renew(self) -> None:
        for offer in self.offers:
            offer.hide()
            offer.deleteLater()
        self.offers = [Offer(fit, first) for fit, first in self._offered]
        for offer in self.offers:
            offer.wanted.connect(self.wanted)
            (self._first if offer.first else self._others).add(offer)
        self.renewed.emit()

    def _show_words(self, allowed: bool) -> None:
        if not allowed:
            show_text(self.says, STARTED_OFFLINE if self._services.offline else OFFLINE)
        else:
            show_text(self.says, self._judgement() if self._fits else self._waits_for)
        seen = [offer.entry for offer in self.offers if offer.first or self.more.isChecked()]
        licences = {find_licence(entry.licence) for entry in seen if entry.licence}
        words = sorted(LICENCE.format(licence.title) for licence in licences if licence.must_accept)
        show_text(self.licence, "\n".join(words) if allowed else "")

    def _judgement(self) -> str:
        """What is to be said above the offers."""
        if not self.offers:
            return ALL_HERE
        best = self._fits[0]
        if not best.keeps_up:
            return best.sentence if best.fits else f"{best.sentence} {NO_ROOM}"
        return "" if self.offers[0].first else BEST_HERE

    def _show_others(self) -> None:
        others = any(not offer.first for offer in self.offers)
        opened = self.more.isChecked()
        keeps_up = bool(self._fits) and self._fits[0].keeps_up
        self.more.setText(HIDE if opened else OTHERS if keeps_up else ALL_THE_SAME)
        self.more.setVisible(others)
        self._first.setVisible(any(offer.first for offer in self.offers))
        self._others.setVisible(others and opened)
