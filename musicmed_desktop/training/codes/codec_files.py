"""MusicGen's EnCodec in any of the forms in which it is published; all sizes of MusicGen share one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from musicmed_desktop.engines.musicgen.checkpoint.from_audiocraft import CODEC_FILE, audiocraft_codec_shape
from musicmed_desktop.engines.musicgen.checkpoint.local import find_local
from musicmed_desktop.engines.musicgen.checkpoint.names import codec_names
from musicmed_desktop.engines.musicgen.checkpoint.parts import CONFIG, codec_shape
from musicmed_desktop.engines.musicgen.checkpoint.safetensors_files import safetensors_in
from musicmed_desktop.engines.musicgen.checkpoint.settings import read_json, read_yaml
from musicmed_desktop.engines.musicgen.checkpoint.stored import Stored
from musicmed_desktop.engines.musicgen.checkpoint.torch_files import torch_header, torch_tensors
from musicmed_desktop.engines.musicgen.shapes import CodecShape
from musicmed_desktop.errors import UserError

_WHOLE = "audio_encoder."  # what the codec's tensors begin with in a whole model
_NORM = {".weight_g": ".parametrizations.weight.original0", ".weight_v": ".parametrizations.weight.original1"}

CodecFiles = tuple[CodecShape, dict[str, Stored]]


def read_codec(folder: Path) -> CodecFiles:
    """The codec in `folder`: that of a whole MusicGen in transformers' or AudioCraft's form, or transformers' alone.

    Its tensors have the names of transformers' EncodecModel, with weight norm as torch names it now. Only headers are
    read. Raises UserError where there is no codec, or one that is none of MusicGen's.
    """
    try:
        if (folder / CODEC_FILE).is_file() and not any(folder.glob("*.safetensors")):
            return _from_audiocraft(folder)
        if not (folder / CONFIG).is_file():
            raise _no_codec(folder)
        return _from_transformers(folder)
    except PermissionError as error:
        raise UserError(f"The folder {folder} may not be read.", "Give yourself the right to read it.") from error


def _from_transformers(folder: Path) -> CodecFiles:
    config, stored = read_json(folder / CONFIG), safetensors_in(folder)
    if config.get("model_type") == "encodec":
        return codec_shape(config), _today(stored)
    if "audio_encoder" not in config.values:
        raise _no_codec(folder)
    return codec_shape(config.section("audio_encoder")), _today(_below(_WHOLE, stored))


def _from_audiocraft(folder: Path) -> CodecFiles:
    file = folder / CODEC_FILE
    header = torch_header(file)
    if "pretrained" in header:
        return _from_transformers(find_local(folder, header["pretrained"], file))
    stored = codec_names(torch_tensors(file, header, "best_state"))
    return audiocraft_codec_shape(read_yaml(file, header.get("xp.cfg"))), _today(_below(_WHOLE, stored))


def _below(prefix: str, stored: Mapping[str, Stored]) -> dict[str, Stored]:
    return {name.removeprefix(prefix): tensor for name, tensor in stored.items() if name.startswith(prefix)}


def _today(stored: Mapping[str, Stored]) -> dict[str, Stored]:
    """The same with torch's newer names of weight norm, which the published models do not have yet."""
    renamed = {}
    for name, tensor in stored.items():
        for old, new in _NORM.items():
            name = name.removesuffix(old) + new if name.endswith(old) else name
        renamed[name] = tensor
    return renamed


def _no_codec(folder: Path) -> UserError:
    return UserError(
        f"The folder {folder} holds no codec.",
        "Name the folder of musicgen-small with --codec: all sizes of MusicGen have the same one.",
    )
