"""Which model an adapter goes with: by the name that its maker wrote, and by the sizes of what it changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from musicmed_desktop.engines.models.checks import short_name
from musicmed_desktop.engines.models.store import Installed, Store
from musicmed_desktop.engines.models.wording import plain
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from musicmed_desktop.engines.musicgen.adapters import Adapter
    from musicmed_desktop.engines.musicgen.adapters.description import Change
    from musicmed_desktop.engines.musicgen.checkpoint import Checkpoint

_HUB_NAME = re.compile(r"([\w-][\w.-]*/)?[\w-][\w.-]*")  # as on Hugging Face; else it is a folder of its maker's


def base_of(folder: Path, store: Store) -> str:
    """The model that the adapter in `folder` goes with; "" where nothing tells. It need not be in the `store`.

    Raises UserError where a model of that name is there, and the adapter does not fit it.
    """
    from musicmed_desktop.engines.musicgen.adapters import read_adapter

    adapter = read_adapter(folder)
    here = {model.name: model for model in store.installed() if model.kind == "model"}
    named, name = plain(adapter.base), short_name(plain(adapter.base))
    if name in here:
        base = _checkpoint(here[name])
        if base and not fits(adapter, base):
            raise UserError(
                f"The adapter {adapter.name} does not fit {name}, though it names it as its model.",
                "Choose an adapter that was made for a model that is on this computer.",
            )
    if name in here or _HUB_NAME.fullmatch(named):
        return named
    return _published(adapter) or _fitting(adapter, here.values()) or named


def _published(adapter: Adapter) -> str:
    """The published model whose sizes it has."""
    from musicmed_desktop.engines.musicgen.checkpoint.layout import decoder_layout, projection_layout
    from musicmed_desktop.engines.musicgen.shapes import LARGE, MEDIUM, SMALL

    for name, shape in (("musicgen-small", SMALL), ("musicgen-medium", MEDIUM), ("musicgen-large", LARGE)):
        layout = decoder_layout(shape) | projection_layout(shape)
        if adapter.music and not adapter.text and _lies_within(adapter.music, layout):
            return name
    return ""


def _fitting(adapter: Adapter, models: Iterable[Installed]) -> str:
    """The first of the models that it fits."""
    checkpoints = ((model.name, _checkpoint(model)) for model in models)
    return next((name for name, checkpoint in checkpoints if checkpoint and fits(adapter, checkpoint)), "")


def _checkpoint(model: Installed) -> Checkpoint | None:
    """None where it is broken: that is told elsewhere, and no fault of the adapter's."""
    from musicmed_desktop.engines.musicgen.checkpoint import read_checkpoint

    try:
        return read_checkpoint(model.folder)
    except UserError:
        return None


def fits(adapter: Adapter, model: Checkpoint) -> bool:
    """Whether all that the adapter changes is in the model, in the same sizes."""
    from musicmed_desktop.engines.musicgen.checkpoint.stored import shapes_of

    text = shapes_of(model.text.tensors)
    return _lies_within(adapter.music, shapes_of(model.tensors)) and _lies_within(adapter.text, text)


def _lies_within(changes: Mapping[str, Change], layout: Mapping[str, tuple[int, ...]]) -> bool:
    return all(layout.get(name) == change.shape for name, change in changes.items())
