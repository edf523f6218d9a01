"""What is on this computer: one card for each model and adapter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from musicmed_desktop.paths import written
from musicmed_desktop.settings import Settings
from musicmed_desktop.ui.kit import Column, heading, muted, show_text
from musicmed_desktop.ui.pages.models.card import KeptCard
from musicmed_desktop.ui.pages.models.stock import Kept
from musicmed_desktop.ui.preferences import Preferences

NOTHING = "No music model is here yet."


class Shelf(Column):
    """The signals carry what a button was pressed for; what is used is for the settings, and done here."""

    check = Signal(object)  # Kept
    copy = Signal(object)
    remove = Signal(object)
    chosen = Signal()  # the settings ask for something else now

    margins = (0, 8)
    gap = 14

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self._preferences = preferences
        self.cards: list[KeptCard] = []
        self._busy = False
        self._nothing = muted(NOTHING)
        self._nothing.hide()
        self.add(heading("On this computer"), self._nothing)
        preferences.changed.connect(self.follow)

    def show_kept(self, kept: tuple[Kept, ...]) -> None:
        """One card for each; those that did not change stay as they are."""
        known = {card.kept: card for card in self.cards}
        self.cards = [known.pop(each) if each in known else self._card(each) for each in kept]
        for gone in known.values():
            gone.hide()
            gone.deleteLater()
        for card in self.cards:
            self.column.removeWidget(card)
            self.add(card)
        self._nothing.setVisible(not kept)
        self.show_busy(self._busy)
        self.follow()

    def show_result(self, name: str, words: str) -> None:
        """What came of a work with one of them; the others say nothing any more."""
        for card in self.cards:
            show_text(card.result, words if card.kept.installed.name == name else "")

    def show_busy(self, busy: bool) -> None:
        """While something is under way, nothing else can begin."""
        self._busy = busy
        for card in self.cards:
            card.show_busy(busy)

    @property
    def stops(self) -> list[QWidget]:
        """What the keyboard reaches, in this order."""
        return [stop for card in self.cards for stop in card.stops]

    def card_of(self, name: str) -> KeptCard | None:
        return next((card for card in self.cards if card.kept.installed.name == name), None)

    def follow(self) -> None:
        """Show the settings as they are now."""
        settings = self._preferences.settings
        for card in self.cards:
            card.show_use(is_used(card.kept, self.kept, settings), settings)

    def _choose(self, settings: Settings) -> None:
        self._preferences.take(settings)
        self.chosen.emit()

    @property
    def kept(self) -> list[Kept]:
        return [card.kept for card in self.cards]

    def _card(self, kept: Kept) -> KeptCard:
        card, folder = KeptCard(kept), kept.installed.folder
        card.used.connect(lambda: self._choose(using(kept, self.kept, self._preferences.settings)))
        card.unused.connect(lambda: self._choose(self._preferences.settings.changed(adapter=None)))
        card.strengthened.connect(
            lambda strength: self._preferences.take(self._preferences.settings.with_strength(folder, strength))
        )
        card.check.connect(lambda: self.check.emit(kept))
        card.copy.connect(lambda: self.copy.emit(kept))
        card.remove.connect(lambda: self.remove.emit(kept))
        return card


def is_used(kept: Kept, here: list[Kept], settings: Settings) -> bool:
    """Whether the settings ask for it; where they name no model, the only one that is here is meant."""
    installed = kept.installed
    if settings.engine == "builtin" or installed.kind == "evaluation":
        return False
    if installed.kind == "adapter":
        return settings.adapter == installed.folder
    models = [each.installed.folder for each in here if each.installed.kind == "model"]
    return installed.folder == settings.model if settings.model else models == [installed.folder]


def using(kept: Kept, here: list[Kept], settings: Settings) -> Settings:
    """Settings that use it: an adapter with the model that it was made for, a model without one made for another."""
    engine = "auto" if settings.engine == "builtin" else settings.engine
    if kept.installed.kind == "adapter":
        model = kept.base.folder if kept.base else settings.model
        return settings.changed(engine=engine, model=model, adapter=kept.installed.folder)
    others = [each.installed.folder for each in here if each.base not in (None, kept.installed)]
    adapter = None if settings.adapter in others else settings.adapter
    return settings.changed(engine=engine, model=kept.installed.folder, adapter=adapter)


def without(kept: Kept, here: Sequence[Kept], settings: Settings) -> Settings:
    """Settings that name it no more, nor an adapter that was made for it."""
    folder = kept.installed.folder
    gone = [folder, *(each.installed.folder for each in here if each.base == kept.installed)]
    strengths = {name: each for name, each in settings.adapter_strengths.items() if name != written(folder)}
    model = None if settings.model == folder else settings.model
    adapter = None if settings.adapter in gone else settings.adapter
    return settings.changed(model=model, adapter=adapter, adapter_strengths=strengths)
