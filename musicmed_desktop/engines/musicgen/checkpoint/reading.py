"""Which kind of model a folder holds."""

from __future__ import annotations

from pathlib import Path

from musicmed_desktop.engines.musicgen.checkpoint.description import Checkpoint
from musicmed_desktop.engines.musicgen.checkpoint.from_audiocraft import DECODER_FILE, read_audiocraft
from musicmed_desktop.engines.musicgen.checkpoint.from_transformers import read_transformers
from musicmed_desktop.engines.musicgen.checkpoint.parts import CONFIG
from musicmed_desktop.errors import UserError


def read_checkpoint(folder: Path) -> Checkpoint:
    """What is in `folder`, as transformers or AudioCraft wrote it; of a folder that holds both, the former is read.

    Only the files' headers are read, and all names and shapes are checked. Raises UserError where the folder holds no
    whole MusicGen model, or one of a kind that cannot be played; later, a tensor raises it where its file has vanished.
    """
    try:
        if any(folder.glob("*.safetensors")) or not (folder / DECODER_FILE).is_file():
            return _from_transformers(folder)
        return read_audiocraft(folder, _name(folder))
    except PermissionError as error:
        raise UserError(f"The folder {folder} may not be read.", "Give yourself the right to read it.") from error


def _from_transformers(folder: Path) -> Checkpoint:
    if not (folder / CONFIG).is_file():
        raise UserError(
            f"The folder {folder} holds no MusicGen model.",
            "Choose a folder that has a config.json and a model.safetensors, or a state_dict.bin.",
        )
    return read_transformers(folder, _name(folder))


def _name(folder: Path) -> str:
    """The folder's; in Hugging Face's cache, where models lie in models--OWNER--NAME/snapshots/VERSION, the model's."""
    folder = folder.absolute()
    return folder.parts[-3].rpartition("--")[2] if folder.parent.name == "snapshots" else folder.name
