"""The result of a training: a folder that this program, and plain transformers with peft, load."""

from __future__ import annotations

import shutil
from pathlib import Path

from peft import PeftModel
from safetensors import SafetensorError

from musicmed_desktop.disk import settle_file, settle_names, writing
from musicmed_desktop.engines.models.catalogue import entry_named
from musicmed_desktop.training.card import Card


def base_name(folder: Path) -> str:
    """What an adapter calls the model in `folder`: its name on the hub where it has one, never a path."""
    entry = entry_named(folder.resolve().name)
    return entry.sources[0].repository if entry else folder.resolve().name


def save(model: PeftModel, card: Card, to: Path) -> None:
    """Put the adapter at `to`, whole, in the place of what was there. Raises UserError where the disk refuses."""
    part = _part(to)
    with writing(to):
        try:
            # Embeddings are not trained; left to find that out, peft would look for the model on the network.
            model.save_pretrained(str(part), save_embedding_layers=False)
        except SafetensorError as error:  # that is how it says that the disk refuses
            raise OSError(str(error)) from error
        (part / "README.md").write_text(card.text(), encoding="utf-8")
        _publish(part, to)


def copy(adapter: Path, to: Path) -> None:
    """Put a copy of the folder `adapter` at `to`, likewise."""
    part = _part(to)
    with writing(to):
        shutil.copytree(adapter, part)
        _publish(part, to)


def _part(to: Path) -> Path:
    """Where it comes about; what a killed program left there is removed."""
    part = to.with_name(f".{to.name}.part")
    with writing(part):
        to.parent.mkdir(parents=True, exist_ok=True)
        _clear(part)
    return part


def _publish(part: Path, to: Path) -> None:
    for file in part.iterdir():
        settle_file(file)
    _clear(to)
    part.rename(to)
    settle_names(to.parent)


def _clear(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
