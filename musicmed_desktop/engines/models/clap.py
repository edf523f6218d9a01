"""CLAP (Wu et al. 2023, arXiv 2211.06687), which evaluation listens with, in the folder that transformers writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from musicmed_desktop.engines.models.headers import read_object, read_small, spoilt
from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import ClapConfig

CONFIG, WEIGHTS, TOKENIZER = "config.json", "model.safetensors", "tokenizer.json"
PREPROCESSOR = "preprocessor_config.json"
_MOST_LAYERS, _MOST = 100, 1_000_000  # the published models have 12 at most; no size of theirs is above 50,265
_WORDS = "text_model.embeddings.word_embeddings.weight"


def check_clap(folder: Path) -> None:
    """Raises UserError where a file is missing, or where tensors are not those of the model that config.json describes.

    Names and shapes come from transformers' own ClapModel, built without memory.
    """
    for name in (CONFIG, WEIGHTS, TOKENIZER, PREPROCESSOR):
        if not (folder / name).is_file():
            raise UserError(f"The file {folder / name} is missing.", "Copy or download CLAP again.")
    wanted = _described(folder / CONFIG)
    _check_tensors(folder, wanted)
    _check_tokenizer(folder, len(wanted[_WORDS]))
    if read_object(folder / PREPROCESSOR).get("feature_extractor_type") != "ClapFeatureExtractor":
        raise spoilt(folder / PREPROCESSOR, "it does not say how CLAP listens")


def read_config(file: Path) -> ClapConfig:
    """What a `CONFIG` says of the model, without what CLAP does not know. Raises UserError where that is no model."""
    from transformers import ClapAudioConfig, ClapConfig, ClapTextConfig

    values = read_object(file)
    text = _known(file, values.get("text_config"), ClapTextConfig().to_dict())
    audio = _known(file, values.get("audio_config"), ClapAudioConfig().to_dict())
    width = {key: values[key] for key in ("projection_dim",) if key in values}
    for part in (text, audio, width):
        _refuse_giants(file, part)
    try:
        return ClapConfig(text_config=text, audio_config=audio, **width)
    except Exception as error:  # transformers raises whatever odd settings lead it to
        raise _no_clap(file, str(error)) from error


def _described(file: Path) -> dict[str, Tensor]:
    """The tensors, without memory, of the model that `CONFIG` describes."""
    import torch
    from transformers import ClapModel

    config = read_config(file)
    try:
        with torch.device("meta"):
            model: Any = ClapModel(config)
    except Exception as error:  # as above
        raise _no_clap(file, str(error)) from error
    return dict(model.state_dict())


def _no_clap(file: Path, detail: str = "") -> UserError:
    return spoilt(file, "it does not describe CLAP", detail)


def _known(config: Path, values: object, usual: Mapping[str, Any]) -> dict[str, Any]:
    """Those that transformers' own configuration has; others, as those that name programs, are left out."""
    if not isinstance(values, dict):
        raise _no_clap(config)
    return {key: value for key, value in values.items() if key in usual and not key.startswith("_")}


def _refuse_giants(config: Path, values: Mapping[str, Any]) -> None:
    """Building a layer takes time, if no memory."""
    for name, value in values.items():
        numbers = value if isinstance(value, list) else [value]
        most = _MOST_LAYERS if name in ("num_hidden_layers", "depths") else _MOST
        if len(numbers) > _MOST_LAYERS or any(
            isinstance(one, int | float) and not -1 <= one <= most for one in numbers
        ):
            raise spoilt(config, f"{name} is beyond what CLAP can have")


def _check_tensors(folder: Path, wanted: Mapping[str, Tensor]) -> None:
    """Whole numbers are tables that transformers computes itself: they may be missing."""
    from musicmed_desktop.engines.musicgen.checkpoint.safetensors_files import safetensors_in

    stored = safetensors_in(folder)
    for name, tensor in wanted.items():
        if name not in stored:
            if tensor.is_floating_point():
                raise UserError(
                    f"The model in {folder} is incomplete: {name} is missing.", "Copy or download CLAP again."
                )
        elif (stored[name].shape, stored[name].floating) != (tuple(tensor.shape), tensor.is_floating_point()):
            raise spoilt(folder / WEIGHTS, f"{name} is not as config.json has it")


def _check_tokenizer(folder: Path, vocabulary: int) -> None:
    from musicmed_desktop.engines.musicgen.text import read_tokenizer

    read_small(folder / TOKENIZER)
    read_tokenizer(folder, vocabulary)
