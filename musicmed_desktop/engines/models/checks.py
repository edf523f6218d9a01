"""Whether a folder holds a whole model, adapter or CLAP; found from headers, without computing on weights.

Whoever made the files may have meant ill: limits come first (`headers`), and all that parsers say becomes a UserError.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from musicmed_desktop.disk import unreadable
from musicmed_desktop.edition import how_to_get, how_to_mend
from musicmed_desktop.engines.choice import ADAPTER_FILE
from musicmed_desktop.engines.models.headers import (
    check_safetensors,
    check_torch,
    limit,
    read_object,
    read_small,
    spoilt,
)
from musicmed_desktop.engines.models.manifest import MANIFEST, Kind
from musicmed_desktop.engines.models.wording import plain
from musicmed_desktop.engines.musicgen.installed import AUDIOCRAFT_FILES
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from musicmed_desktop.engines.musicgen.checkpoint import Checkpoint, TextSource

CONFIG = "config.json"
PACKAGES = ("torch", "transformers", "safetensors", "tokenizers")


@dataclass(frozen=True)
class Checked:
    """`title` says what it is; `base` names the model that an adapter was made for, as its maker wrote it."""

    kind: Kind
    title: str
    base: str = ""


def check(folder: Path) -> Checked:
    """What `folder` holds: a MusicGen model, an adapter, or CLAP, whole and with nothing that does not belong to it.

    Raises UserError where it is none of them, broken, or cannot be played; also where MusicGen is not installed.
    """
    require_musicgen()
    try:
        _check_files(folder)
        if (folder / ADAPTER_FILE).is_file() and not _has_weights(folder):
            return _checked_adapter(folder)
        if (folder / CONFIG).is_file() and read_object(folder / CONFIG).get("model_type") == "clap":
            return _checked_clap(folder)
        return _checked_model(folder)  # which says why it is none
    except UserError as error:
        raise UserError(plain(error.title), plain(error.hint), plain(error.detail)) from error
    except OSError as error:
        raise unreadable(folder, error) from error


def require_musicgen() -> None:
    """Raises UserError where what reads models is not installed, or does not load."""
    if any(find_spec(package) is None for package in PACKAGES):
        raise UserError("MusicGen is not installed.", how_to_get("musicgen"))
    try:
        for package in PACKAGES:
            import_module(package)
    except (ImportError, OSError) as error:
        raise UserError("MusicGen does not load.", how_to_mend("musicgen"), str(error)) from error


def short_name(base: str) -> str:
    """musicgen-small of facebook/musicgen-small, and of any folder of that name."""
    return re.split(r"[/\\]", base.rstrip("/\\"))[-1]


def _check_files(folder: Path) -> None:
    for file in _files(folder):
        most = limit(file.name)
        if most is not None and file.stat().st_size > most:
            raise spoilt(file, "it is far too large for what it should be")
        if file.suffix == ".safetensors":
            check_safetensors(file)
        elif file.name in AUDIOCRAFT_FILES:
            check_torch(file)
        elif file.suffix == ".json" and file.name not in ("tokenizer.json", "vocab.json", MANIFEST):
            read_object(file)


def _files(folder: Path) -> Iterator[Path]:
    """Those of the model itself, and of the models that AudioCraft's files name, which lie in folders beside them."""
    for inside in sorted(folder.iterdir()):
        if inside.is_dir():
            yield from (file for file in sorted(inside.iterdir()) if file.is_file())
        elif inside.is_file():
            yield inside


def _has_weights(folder: Path) -> bool:
    """Whether they are a model's own: programs that train leave a model's settings beside an adapter."""
    return any(folder.glob("model*.safetensors")) or any((folder / name).is_file() for name in AUDIOCRAFT_FILES)


def _checked_model(folder: Path) -> Checked:
    from musicmed_desktop.engines.musicgen.checkpoint import read_checkpoint
    from musicmed_desktop.engines.musicgen.shapes import LARGE, MEDIUM, SMALL

    checkpoint = read_checkpoint(folder)
    _refuse_strangers(checkpoint)
    _check_text(checkpoint.text)
    sizes = {SMALL: "MusicGen, small", MEDIUM: "MusicGen, medium", LARGE: "MusicGen, large"}
    return Checked("model", sizes.get(checkpoint.decoder, f"MusicGen with {checkpoint.decoder.layers} layers"))


def _refuse_strangers(checkpoint: Checkpoint) -> None:
    """What lies elsewhere, in the cache of another program, is not there for ever."""
    from musicmed_desktop.engines.musicgen.checkpoint.stored import files_of

    folder = checkpoint.folder
    files = files_of(checkpoint.tensors) | files_of(checkpoint.text.tensors) | {checkpoint.text.tokenizer / CONFIG}
    for file in sorted(files):
        if not file.is_relative_to(folder):
            named = file.parts[-4].rpartition("--")[2] if file.parts[-3] == "snapshots" else file.parent.name
            raise UserError(
                f"The model in {folder} is not whole: it needs {named} beside it.",
                f"Put {named}, as Hugging Face has it, into {folder / named}.",
                str(file),
            )


def _check_text(source: TextSource) -> None:
    """Whether transformers takes the settings, and the tokenizer goes with them."""
    from musicmed_desktop.engines.musicgen.text import empty_model, read_tokenizer

    config = source.tokenizer / CONFIG
    if any("attn_implementation" in name for name in source.config):
        raise spoilt(config, "it asks for parts of other programs")
    try:
        model = empty_model(source)
    except Exception as error:  # transformers raises whatever odd settings lead it to
        raise spoilt(config, "its text encoder cannot be built", str(error)) from error
    read_small(source.tokenizer / "tokenizer.json")
    read_tokenizer(source.tokenizer, len(model.get_parameter("encoder.embed_tokens.weight")))


def _checked_adapter(folder: Path) -> Checked:
    from musicmed_desktop.engines.models.lora import check_adapter

    base = plain(check_adapter(folder))
    return Checked("adapter", f"Adapter for {short_name(base)}" if base else "Adapter for MusicGen", base)


def _checked_clap(folder: Path) -> Checked:
    from musicmed_desktop.engines.models.clap import check_clap

    check_clap(folder)
    return Checked("evaluation", "CLAP")
