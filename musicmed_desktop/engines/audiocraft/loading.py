"""A folder with AudioCraft's own files, made into its MusicGen; from this computer alone, and without pickled code.

`state_dict.bin` and `compression_state_dict.bin` are as AudioCraft's `audiocraft.utils.export` writes them:
`best_state` holds the tensors, `xp.cfg` the configuration as YAML. What such a file only names (the text encoder
`t5-base`, the codec `facebook/encodec_32khz`) lies in a folder of that name beside it, or in Hugging Face's cache.
"""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from musicmed_desktop.engines.audiocraft.devices import draw_on_processor
from musicmed_desktop.engines.audiocraft.standins import import_audiocraft
from musicmed_desktop.engines.musicgen.checkpoint.complaints import damaged, unsupported
from musicmed_desktop.engines.musicgen.checkpoint.from_audiocraft import CODEC_FILE, DECODER_FILE
from musicmed_desktop.engines.musicgen.checkpoint.local import find_local
from musicmed_desktop.errors import UserError


def load_musicgen(folder: Path, device: str, codec_device: str) -> Any:
    """`audiocraft.models.MusicGen` from `folder`. Raises UserError where a file is missing or not AudioCraft's."""
    if not (folder / DECODER_FILE).is_file() or not (folder / CODEC_FILE).is_file():
        raise UserError(
            f"The folder {folder} does not hold a model in AudioCraft's own files.",
            f"Choose one with {DECODER_FILE} and {CODEC_FILE}, or the engine musicgen, which reads other forms, too.",
        )
    audiocraft = import_audiocraft()
    with quiet():
        lm, codec = _load_lm(folder, device), _load_codec(folder, codec_device)
        if device == "mps":
            draw_on_processor()
        return audiocraft.models.MusicGen(folder.name, codec, lm)


def build_lm(config: Any, text_encoder: Path) -> Any:
    """AudioCraft's LMModel as `config` (its xp.cfg, with `device` and `dtype`) describes it, without its weights.

    Its conditioner knows text encoders by name alone, so the folder's path becomes such a name.
    """
    from audiocraft.models.builders import get_lm_model
    from audiocraft.modules.conditioners import T5Conditioner
    from transformers import T5Config

    name = str(text_encoder)
    if name not in T5Conditioner.MODELS:
        T5Conditioner.MODELS.append(name)
    T5Conditioner.MODELS_DIMS[name] = T5Config.from_pretrained(name, local_files_only=True).d_model
    config.conditioners.description.t5.name = name
    if config.device == "mps":
        # Autocast to float32 is not known there, and T5 is float32 without it.
        config.conditioners.description.t5.autocast_dtype = None
    for option in ("merge_text_conditions_p", "drop_desc_p"):  # of training, and unknown to AudioCraft's own builders
        config.conditioners.get("args", {}).pop(option, None)
    with quiet():
        return get_lm_model(config)


def _load_lm(folder: Path, device: str) -> Any:
    file = folder / DECODER_FILE
    package = _read(file)
    config = _config(package, file)
    if "self_wav" in config.conditioners:
        raise unsupported(folder, "follows melodies, or the style of a recording")
    config.device, config.dtype = device, "float32" if device == "cpu" else "float16"
    text_encoder = find_local(folder, config.conditioners.description.t5.name, file)
    try:
        lm = build_lm(config, text_encoder)
    except OSError as error:  # as transformers, where a file is missing
        raise damaged(text_encoder, str(error)) from error
    lm.cfg = config
    return _filled(lm, package, file)


def _load_codec(folder: Path, device: str) -> Any:
    from audiocraft.models.builders import get_compression_model
    from audiocraft.models.encodec import HFEncodecCompressionModel
    from transformers import EncodecModel

    file = folder / CODEC_FILE
    package = _read(file)
    if "pretrained" in package:
        place = find_local(folder, package["pretrained"], file)
        codec: Any = HFEncodecCompressionModel(EncodecModel.from_pretrained(place, local_files_only=True))
        return codec.to(device).eval()
    config = _config(package, file)
    config.device = device
    return _filled(get_compression_model(config), package, file)


def _read(file: Path) -> dict[str, Any]:
    """What AudioCraft exported; its tensors stay on the disk until they are copied into a model."""
    try:
        package = torch.load(file, map_location="cpu", weights_only=True, mmap=True)
    except (RuntimeError, ValueError, LookupError, EOFError, pickle.UnpicklingError) as error:
        raise damaged(file, str(error)) from error
    if not isinstance(package, dict):
        raise damaged(file, f"it holds a {type(package).__name__}")
    return package


def _config(package: Mapping[str, Any], file: Path) -> Any:
    from omegaconf import OmegaConf

    if not isinstance(package.get("xp.cfg"), str) or not isinstance(package.get("best_state"), dict):
        raise damaged(file, "xp.cfg or best_state is missing")
    return OmegaConf.create(package["xp.cfg"])


def _filled(model: Any, package: Mapping[str, Any], file: Path) -> Any:
    try:
        model.load_state_dict(package["best_state"])
    except RuntimeError as error:
        raise damaged(file, str(error)) from error
    return model.eval()


@contextmanager
def quiet() -> Generator[None]:
    """No progress bars, and no word about torch's older weight norm, whose names are those in AudioCraft's files."""
    import transformers

    logging: Any = transformers.utils.logging
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", r".*torch\.nn\.utils\.weight_norm.* is deprecated", FutureWarning)
            yield
    finally:
        if shown:
            logging.enable_progress_bar()
