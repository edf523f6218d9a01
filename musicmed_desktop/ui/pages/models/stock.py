"""What is on this computer and what is not, as the page shows it. To be asked for in the background."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from musicmed_desktop.engines.models.catalogue import Entry
from musicmed_desktop.engines.models.checks import short_name
from musicmed_desktop.engines.models.manifest import Kind
from musicmed_desktop.engines.models.store import Installed, Store

_ORDER: tuple[Kind, ...] = ("model", "adapter", "evaluation")


@dataclass(frozen=True)
class Kept:
    """A model or an adapter that is here, and the `base` that an adapter was made for; `lacks` is the name of a base
    that is not here."""

    installed: Installed
    size: int
    base: Installed | None = None
    lacks: str = ""

    @property
    def title(self) -> str:
        manifest = self.installed.manifest
        return (manifest.title if manifest else "") or self.installed.name


@dataclass(frozen=True)
class Stock:
    """`missing` are the catalogue's music models that are not here; `half` is one that is here in part, in bytes."""

    kept: tuple[Kept, ...] = ()
    missing: tuple[Entry, ...] = ()
    half: tuple[Entry, int] | None = None


def take_stock(store: Store, catalogue: Iterable[Entry]) -> Stock:
    """Compare what is in the store with what can be had."""
    here = store.installed()
    names = {each.name for each in here}
    missing = [entry for entry in catalogue if entry.name not in names]
    halves = ((entry, store.staged(entry.name)) for entry in missing)
    return Stock(
        tuple(_kept(each, here) for each in sorted(here, key=lambda each: _ORDER.index(each.kind))),
        tuple(entry for entry in missing if entry.kind == "model"),
        next(((entry, size) for entry, size in halves if size), None),
    )


def _kept(installed: Installed, here: tuple[Installed, ...]) -> Kept:
    manifest = installed.manifest
    wanted = short_name(manifest.base) if manifest else ""
    base = next((each for each in here if each.kind == "model" and each.name == wanted), None)
    return Kept(installed, installed.size, base, "" if base else wanted)
