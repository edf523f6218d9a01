"""What is done with models: asked for on the page, done in the background, told to the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from musicmed_desktop.engines.models.catalogue import Entry
from musicmed_desktop.engines.models.licences import NotAcceptedError, accept
from musicmed_desktop.engines.models.progress import Progress
from musicmed_desktop.engines.models.store import Store
from musicmed_desktop.errors import UserError
from musicmed_desktop.paths import models_folder
from musicmed_desktop.ui.pages.models.shelf import without
from musicmed_desktop.ui.pages.models.stock import Kept, Stock, take_stock
from musicmed_desktop.ui.pages.models.works import checking, downloading, exporting, importing
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.transfers import Transfer

if TYPE_CHECKING:
    from musicmed_desktop.engines.models.importing import Arrival

Catalogue = Callable[[], tuple[Entry, ...]]


class Desk(QObject):
    """One work at a time; what is refused is told by a signal."""

    stocked = Signal(object)  # Stock
    plays = Signal(str)  # what makes the music now, and why
    arrived = Signal(object, object)  # Path, Arrival: something that can be imported
    licence_needed = Signal(object)  # Licence
    refused = Signal(object)  # UserError
    notice = Signal(str, object)  # words, None

    def __init__(self, services: Services, catalogue: Catalogue) -> None:
        super().__init__()
        self._services, self._tasks, self._transfers = services, services.tasks, services.transfers
        self._catalogue = catalogue
        self._transfers.changed.connect(self._follow)
        self._transfers.finished.connect(self._finished)

    def look(self) -> None:
        """Look at what is here, and at what makes the music now."""
        self._tasks.run(lambda: take_stock(self._store, self._catalogue()), self._stocked, self.refused.emit)
        self._tasks.follow(self._services.makers.prepare(), self.plays.emit, lambda error: self.plays.emit(str(error)))

    def download(self, entry: Entry) -> None:
        self._begin(downloading(entry, self._store, self._services.may_use_network))

    def look_at(self, path: Path) -> None:
        """See what lies there, before it is imported."""
        from musicmed_desktop.engines.models.importing import look_at

        self._tasks.run(lambda: look_at(path), lambda arrival: self.arrived.emit(path, arrival), self.refused.emit)

    def take(self, path: Path, arrival: Arrival) -> None:
        self._begin(importing(path, arrival.name, self._store))

    def copy(self, kept: Kept, target: Path) -> None:
        self._begin(exporting(kept, target))

    def check(self, kept: Kept) -> None:
        self._begin(checking(kept))

    def remove(self, kept: Kept, here: Sequence[Kept]) -> None:
        """`here` is what was here with it."""

        def removed(_: None) -> None:
            preferences = self._services.preferences
            preferences.take(without(kept, here, preferences.settings))
            self.notice.emit(f"{kept.title} was removed.", None)
            self.look()

        def failed(error: UserError) -> None:
            self.refused.emit(error)
            self.look()  # somebody else may have removed it

        self._tasks.run(lambda: self._store.remove(kept.installed.name), removed, failed)

    def accept(self, licence: str) -> None:
        """Keep on record that it was accepted, and go on with what needed it."""
        store = self._store

        def failed(error: UserError) -> None:
            self._transfers.leave()
            self.refused.emit(error)

        self._tasks.run(lambda: accept(store, licence), lambda _: self._transfers.resume(), failed)

    @property
    def _store(self) -> Store:
        return Store(models_folder())

    def _begin(self, transfer: Transfer) -> None:
        if self._transfers.busy:
            self.notice.emit("One thing at a time: please wait until the other one is done.", None)
        else:
            self._transfers.begin(transfer)

    def _follow(self) -> None:
        problem = self._transfers.problem
        if self._transfers.state == "failed" and isinstance(problem, NotAcceptedError):
            self.licence_needed.emit(problem.licence)

    def _finished(self, _: Transfer, words: str) -> None:
        self.notice.emit(words, None)
        self.look()

    def _stocked(self, stock: Stock) -> None:
        """A download that was left half done is offered again."""
        if stock.half and self._transfers.state == "idle":
            entry, here = stock.half
            transfer = downloading(entry, self._store, self._services.may_use_network)
            self._transfers.offer(transfer, Progress("downloading", here, max(here, entry.download)))
        self.stocked.emit(stock)
