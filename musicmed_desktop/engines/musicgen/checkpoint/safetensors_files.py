"""Tensors in safetensors files."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import torch

from musicmed_desktop.engines.musicgen.checkpoint.complaints import damaged, missing
from musicmed_desktop.engines.musicgen.checkpoint.settings import read_json
from musicmed_desktop.engines.musicgen.checkpoint.stored import Stored
from musicmed_desktop.errors import UserError

SAFETENSORS = "model.safetensors"
INDEX = "model.safetensors.index.json"
_FLOATS = ("F16", "BF16", "F32", "F64")


def safetensors_in(folder: Path) -> dict[str, Stored]:
    """All tensors of a folder as transformers writes it, in one file or in the shards that its index names."""
    if (folder / SAFETENSORS).is_file():
        return _safetensors(folder / SAFETENSORS)
    if not (folder / INDEX).is_file():
        if any(folder.glob("pytorch_model*.bin")):
            raise UserError(
                f"The model in {folder} is in the older format, pytorch_model.bin, which can hold programs.",
                f"Get the model with its {SAFETENSORS}; the published ones have it.",
            )
        raise missing(folder / SAFETENSORS)
    stored: dict[str, Stored] = {}
    for shard in _shards(folder / INDEX):
        stored |= _safetensors(shard)
    return stored


def _shards(index: Path) -> list[Path]:
    names = set(read_json(index).section("weight_map").values.values())
    for name in names:
        if not isinstance(name, str) or Path(name).name != name or not name.endswith(".safetensors"):
            raise damaged(index, f"{name!r} is not the name of a file beside it")
    return [index.with_name(name) for name in sorted(names)]


def _safetensors(file: Path) -> dict[str, Stored]:
    stored = {}
    with _opened(file) as content:
        for name in content.keys():  # noqa: SIM118 - it is no dictionary
            header = content.get_slice(name)
            shape, floating = tuple(header.get_shape()), header.get_dtype() in _FLOATS
            stored[name] = Stored(file, shape, floating, partial(_read_safetensor, file, name))
    return stored


def _read_safetensor(file: Path, name: str) -> torch.Tensor:
    with _opened(file) as content:
        tensor = content.get_tensor(name)
        assert isinstance(tensor, torch.Tensor)
        return tensor


@contextmanager
def _opened(file: Path) -> Generator[Any]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, framework="pt") as content:
            yield content
    except FileNotFoundError as error:
        raise missing(file) from error
    except (SafetensorError, OSError) as error:
        raise damaged(file, str(error)) from error
