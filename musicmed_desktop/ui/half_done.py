"""A download that an earlier run of the app left half done is told of; the page "Music models" goes on with it."""

from __future__ import annotations

from musicmed_desktop.engines.models.catalogue import catalogue
from musicmed_desktop.engines.models.store import Store
from musicmed_desktop.paths import models_folder
from musicmed_desktop.ui.pages.models.stock import Stock, take_stock
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.window import Window

WHERE = "The download goes on, or is thrown away, under Settings, Music models."


def offer_half_done(window: Window, services: Services) -> None:
    """A quiet line, which asks nothing."""

    def tell(stock: Stock) -> None:
        if stock.half:
            window.places.say(f"A part of {stock.half[0].title} is here. {WHERE}")

    services.tasks.run(lambda: take_stock(Store(models_folder()), catalogue()), tell)
