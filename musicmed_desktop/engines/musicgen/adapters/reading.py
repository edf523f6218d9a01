"""Reads the folder of an adapter: adapter_config.json, and adapter_model.safetensors or adapter_model.bin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import torch
from torch import Tensor

from musicmed_desktop.disk import unreadable
from musicmed_desktop.engines.musicgen.adapters.config import AdapterConfig, broken, read_config, unsupported
from musicmed_desktop.engines.musicgen.adapters.description import Adapter, Change, LowRank, Whole
from musicmed_desktop.engines.musicgen.adapters.keys import parse_key
from musicmed_desktop.errors import UserError

WEIGHTS = ("adapter_model.safetensors", "adapter_model.bin")
TEXT = "text_encoder."
_PAIRS = ({"lora_A", "lora_B"}, {"lora_embedding_A", "lora_embedding_B"})
_MORE_PARTS = {"lora_magnitude_vector": "DoRA", "lora_bias": "LoRA with biases"}


def read_adapter(folder: Path) -> Adapter:
    """The LoRA adapter in `folder`, as peft and transformers save it; for a model of transformers or of AudioCraft.

    It lies in memory from then on. Raises UserError where it is broken, or no LoRA that can be merged.
    """
    config = read_config(folder)
    path = _weights_file(folder)
    changes = _changes(path, config, _read_tensors(path))
    return Adapter(
        name=folder.name,
        folder=folder,
        base=config.base_model_name_or_path or "",
        music={name: change for name, change in changes.items() if not name.startswith(TEXT)},
        text={name.removeprefix(TEXT): change for name, change in changes.items() if name.startswith(TEXT)},
    )


def _weights_file(folder: Path) -> Path:
    found = next((folder / name for name in WEIGHTS if (folder / name).exists()), None)
    if not found:
        raise UserError(f"The adapter in {folder} has no weights.", f"It should hold {WEIGHTS[0]}: copy it again.")
    return found


def _read_tensors(path: Path) -> dict[str, Tensor]:
    from safetensors.torch import load

    try:
        content = path.read_bytes()  # not mapped: the file may go while the music plays
    except OSError as error:
        raise unreadable(path, error) from error
    try:
        if path.suffix == ".safetensors":
            return load(content)
        tensors = torch.load(BytesIO(content), map_location="cpu", weights_only=True)
    except Exception as error:  # whatever a file that is none can do to a parser
        raise broken(path, "it is not whole, or no file of weights", str(error)) from error
    if not isinstance(tensors, dict) or not all(isinstance(tensor, Tensor) for tensor in tensors.values()):
        raise broken(path, "it holds other things than weights")
    return tensors


def _changes(path: Path, config: AdapterConfig, tensors: Mapping[str, Tensor]) -> dict[str, Change]:
    changes: dict[str, Change] = {}
    for (module, target), parts in _layers(path, tensors).items():
        if target in changes:
            raise broken(path, f"it has {target} twice")
        changes[target] = _change(path, config, module, parts)
    if not changes:
        raise broken(path, "it is empty")
    return changes


def _layers(path: Path, tensors: Mapping[str, Tensor]) -> dict[tuple[str, str], dict[str, Tensor]]:
    """The parts of each layer, by its name in the file and the name of the weight that it changes."""
    layers: defaultdict[tuple[str, str], dict[str, Tensor]] = defaultdict(dict)
    for spelling, tensor in tensors.items():
        key = parse_key(spelling)
        if key.part == "base":
            continue
        parts = layers[key.module, key.target]
        if key.part in parts:
            raise broken(path, f"it has {spelling} twice")
        if not tensor.isfinite().all():
            raise broken(path, f"{spelling} holds values that are no numbers, as a failed training leaves them")
        parts[key.part] = tensor
    return layers


def _change(path: Path, config: AdapterConfig, module: str, parts: Mapping[str, Tensor]) -> Change:
    for part, technique in _MORE_PARTS.items():
        if part in parts:
            raise unsupported(path.parent.name, f"made with {technique}")
    if len(parts) == 1 and set(parts) <= {"weight", "bias"}:
        return Whole(*parts.values())
    return _low_rank(path, config, module, parts)


def _low_rank(path: Path, config: AdapterConfig, module: str, parts: Mapping[str, Tensor]) -> LowRank:
    pair = next((pair for pair in _PAIRS if pair & set(parts)), set())
    if set(parts) != pair:
        missing, unknown = pair - set(parts), set(parts) - pair
        raise broken(path, f"{module} lacks {min(missing)}" if missing else f"{module} has {min(unknown)}")
    a, b = (parts[part] for part in sorted(pair))  # [r, in], [out, r]
    if a.dim() != 2 or b.dim() != 2 or not len(a) == b.shape[1] == config.rank(module):
        sizes = f"{tuple(a.shape)} and {tuple(b.shape)}"
        raise broken(path, f"{module} has the sizes {sizes}, which do not fit the rank {config.rank(module)}")
    # Tables of embeddings lie transposed, [in, out]. Other weights are [out, in] here, also where peft's
    # fan_in_fan_out says that they were transposed in the model that was trained: B @ A leads from in to out.
    up, down = (a.T, b.T) if "lora_embedding_A" in parts else (b, a)
    return LowRank(up, down, config.scale(module))
