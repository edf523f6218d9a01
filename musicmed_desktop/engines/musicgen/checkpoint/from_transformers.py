"""A folder as transformers writes it: config.json beside safetensors."""

from __future__ import annotations

from pathlib import Path

from musicmed_desktop.engines.musicgen.checkpoint.complaints import unsupported
from musicmed_desktop.engines.musicgen.checkpoint.description import Checkpoint
from musicmed_desktop.engines.musicgen.checkpoint.layout import music_tensors
from musicmed_desktop.engines.musicgen.checkpoint.parts import (
    CONFIG,
    checked_decoder,
    codec_shape,
    demand_type,
    text_source,
)
from musicmed_desktop.engines.musicgen.checkpoint.safetensors_files import safetensors_in
from musicmed_desktop.engines.musicgen.checkpoint.settings import Settings, read_json
from musicmed_desktop.engines.musicgen.checkpoint.stored import without_weight_norm
from musicmed_desktop.engines.musicgen.shapes import CODEBOOK_SIZE, CODEBOOKS, DecoderShape

_TEXT = "text_encoder."


def read_transformers(folder: Path, name: str) -> Checkpoint:
    config = read_json(folder / CONFIG)
    _refuse_relatives(config)
    stored = safetensors_in(folder)
    text = {key.removeprefix(_TEXT): tensor for key, tensor in stored.items() if key.startswith(_TEXT)}
    decoder = _decoder_shape(config.section("decoder"), config.section("text_encoder"))
    codec = codec_shape(config.section("audio_encoder"))
    return Checkpoint(
        name=name,
        folder=folder,
        decoder=decoder,
        codec=codec,
        text=text_source(folder, config.section("text_encoder"), text),
        tensors=music_tensors(without_weight_norm(stored), decoder, codec, folder),
    )


def _refuse_relatives(config: Settings) -> None:
    decoder = config.section("decoder")
    if config.get("model_type") == "musicgen_melody":
        raise unsupported(config.file.parent, "follows melodies")
    demand_type(config, "musicgen")
    if decoder.get("audio_channels", 1) == 2 or decoder.get("num_codebooks", CODEBOOKS) == 2 * CODEBOOKS:
        raise unsupported(config.file.parent, "is in stereo")


def _decoder_shape(config: Settings, text: Settings) -> DecoderShape:
    """Defaults are those of transformers' MusicgenDecoderConfig."""
    config.demand("num_codebooks", CODEBOOKS)
    config.demand("vocab_size", CODEBOOK_SIZE)
    config.demand("activation_function", "gelu")
    config.demand("scale_embedding", False)
    shape = DecoderShape(
        hidden=config.count("hidden_size", 1024),
        layers=config.count("num_hidden_layers", 24, most=1000),
        heads=config.count("num_attention_heads", 16),
        ffn=config.count("ffn_dim", 4096),
        text_hidden=text.count("d_model", 512),
    )
    return checked_decoder(config, shape)
