"""What a model's folder holds, whichever program wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from musicmed_desktop.engines.musicgen.shapes import CodecShape, DecoderShape

# Tensors by name, each read from the file anew when it is asked for, so that a model never lies in memory twice.
Tensors = Mapping[str, torch.Tensor]


@dataclass(frozen=True, eq=False)
class TextSource:
    """The text encoder, T5: `config` is that of transformers' T5Config, `tensors` have the names of its T5EncoderModel,
    `tokenizer` is the folder that holds the tokenizer's files."""

    config: Mapping[str, Any]
    tensors: Tensors
    tokenizer: Path


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """One MusicGen model.

    `tensors` have the names of transformers' MusicgenForConditionalGeneration, as in
    `decoder.model.decoder.layers.0.fc1.weight`, `enc_to_dec_proj.weight`, and
    `audio_encoder.decoder.layers.0.conv.weight` (weight norm folded in; of the codec only its decoder and its
    quantizer), in the type of the file.
    """

    name: str
    folder: Path
    decoder: DecoderShape
    codec: CodecShape
    text: TextSource
    tensors: Tensors
