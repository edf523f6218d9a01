"""The text encoder and the codec in transformers' form, alone in a folder or within a whole model.

Defaults are those of transformers' T5Config and EncodecConfig: a file leaves out what equals them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from musicmed_desktop.engines.musicgen.checkpoint.complaints import missing, unfit
from musicmed_desktop.engines.musicgen.checkpoint.description import TextSource
from musicmed_desktop.engines.musicgen.checkpoint.layout import chosen, text_layout
from musicmed_desktop.engines.musicgen.checkpoint.safetensors_files import safetensors_in
from musicmed_desktop.engines.musicgen.checkpoint.settings import Settings, read_json
from musicmed_desktop.engines.musicgen.checkpoint.stored import Stored, without_weight_norm
from musicmed_desktop.engines.musicgen.shapes import (
    CODEBOOK_SIZE,
    FRAME_RATE,
    CodecShape,
    DecoderShape,
)

CONFIG = "config.json"
_TOKENIZER = "tokenizer.json"
_SAMPLE_RATE = 32_000


def read_text_folder(folder: Path) -> TextSource:
    """T5 alone, as it is published; its decoder is left where it is."""
    config = read_json(folder / CONFIG)
    demand_type(config, "t5")
    return text_source(folder, config, safetensors_in(folder))


def read_codec_folder(folder: Path) -> tuple[CodecShape, dict[str, Stored]]:
    """EnCodec alone, as it is published; its tensors are named as in a whole model."""
    config = read_json(folder / CONFIG)
    demand_type(config, "encodec")
    stored = {f"audio_encoder.{name}": tensor for name, tensor in safetensors_in(folder).items()}
    return codec_shape(config), without_weight_norm(stored)


def codec_shape(config: Settings) -> CodecShape:
    config.demand("use_causal_conv", False, default=True)
    config.demand("normalize", False)
    config.demand("norm_type", "weight_norm")
    config.demand("audio_channels", 1)
    config.demand("codebook_size", CODEBOOK_SIZE, default=1024)
    hidden = config.count("hidden_size", 128)
    config.demand("codebook_dim", hidden)
    shape = CodecShape(
        sample_rate=config.count("sampling_rate", 24_000),
        ratios=config.counts("upsampling_ratios", (8, 5, 4, 2), most=64),
        filters=config.count("num_filters", 32),
        hidden=hidden,
        kernel=config.count("kernel_size", 7, most=99),
        last_kernel=config.count("last_kernel_size", 7, most=99),
        residual_kernel=config.count("residual_kernel_size", 3, most=99),
        residual_layers=config.count("num_residual_layers", 1, most=20),
        dilation_growth=config.count("dilation_growth_rate", 2, most=20),
        compress=config.count("compress", 2, most=99),
        lstm_layers=config.count("num_lstm_layers", 2, most=20),
        conv_shortcut=config.get("use_conv_shortcut", True) is True,
        pad_mode=str(config.get("pad_mode", "reflect")),
    )
    return checked_codec(config, shape)


def text_source(folder: Path, config: Settings, stored: Mapping[str, Stored]) -> TextSource:
    if not (folder / _TOKENIZER).is_file():
        raise missing(folder / _TOKENIZER)
    return TextSource(config.values, chosen(_with_ties(stored), text_layout(config), folder), folder)


def _with_ties(stored: Mapping[str, Stored]) -> dict[str, Stored]:
    """T5's embeddings have two names, and a file may have only one of them."""
    one, other = "shared.weight", "encoder.embed_tokens.weight"
    embeddings = [stored[name] for name in (one, other) if name in stored][:1]
    return {**stored, **{name: tensor for name in (one, other) for tensor in embeddings}}


def demand_type(config: Settings, kind: str) -> None:
    if config.get("model_type") != kind:
        raise unfit(config.file, f"it is of the type {config.get('model_type')!r:.80}, not {kind}")


def checked_codec(config: Settings, shape: CodecShape) -> CodecShape:
    """`shape`, unless it is none of MusicGen's, or impossible."""
    if shape.sample_rate != _SAMPLE_RATE or shape.frame_rate != FRAME_RATE:
        raise unfit(config.file, f"its codec has {shape.frame_rate:g} frames per second at {shape.sample_rate} Hz")
    if shape.pad_mode not in ("reflect", "constant") or shape.compress > shape.filters:
        raise unfit(config.file, f"a codec of {shape.filters} filters / {shape.compress}, edges {shape.pad_mode!r:.40}")
    return shape


def checked_decoder(config: Settings, shape: DecoderShape) -> DecoderShape:
    if shape.hidden % shape.heads or shape.hidden % 2:
        raise unfit(config.file, f"a width of {shape.hidden} cannot be shared by {shape.heads} heads")
    return shape
