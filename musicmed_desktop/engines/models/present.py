"""A model that is to come, and is here already."""

from __future__ import annotations

import os

from musicmed_desktop.engines.models.progress import Cancelled, Meter, Told
from musicmed_desktop.engines.models.selecting import Model
from musicmed_desktop.engines.models.store import Store
from musicmed_desktop.errors import UserError


def refuse_present(store: Store, name: str, model: Model, told: Told, cancelled: Cancelled) -> None:
    """Raises UserError where something of that name is in the store, and says whether it is the same."""
    if not os.path.lexists(store.folder / name):
        return
    if _is_same(store, name, model, told, cancelled):
        raise UserError(f"{name} is already on this computer, and it is the same one.", "There is nothing to do.")
    raise UserError(f"Another {name} is already on this computer.", "Remove it first, or choose another name.")


def _is_same(store: Store, name: str, model: Model, told: Told, cancelled: Cancelled) -> bool:
    """By SHA-256; gigabytes are read only where all sizes are equal."""
    installed = store.named(name)
    here = installed.manifest if installed else None
    sizes = {piece.path: piece.size for piece in model.pieces}
    if here is None or {file.path: file.size for file in here.files} != sizes:
        return False
    meter = Meter("checking", model.size, told, cancelled)
    known = {file.path: file.sha256 for file in here.files}
    return all(piece.hashed(meter) == known[piece.path] for piece in model.pieces)
