"""MusicGen in transformers' own modules, without its codec, and with a LoRA adapter to be trained (Hu et al. 2021)."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from torch import Tensor, nn
from transformers import MusicgenConfig, MusicgenForConditionalGeneration, T5Config
from transformers.models.musicgen import MusicgenDecoderConfig
from transformers.utils import logging

from musicmed_desktop.engines.musicgen.checkpoint import Checkpoint
from musicmed_desktop.engines.musicgen.shapes import POSITIONS, DecoderShape
from musicmed_desktop.training.recipe import Recipe

# All matrices of the decoder's layers, its heads, and the way from the text; T5's and EnCodec's have other names.
TARGETS = (
    *("q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2"),
    *("enc_to_dec_proj", *(f"lm_heads.{k}" for k in range(4))),
)


def base_model(checkpoint: Checkpoint, dtype: torch.dtype = torch.float32) -> MusicgenForConditionalGeneration:
    """The model with the weights of `checkpoint`, on the CPU, its text encoder in float32; none of it is trained.

    EnCodec is left out: the music comes as codes. Dropout is left to the adapter, as AudioCraft trains without.
    """
    shape, text = checkpoint.decoder, T5Config.from_dict(dict(checkpoint.text.config))
    with _quiet(), torch.device("meta"):  # no memory, and no random numbers, before the weights come
        config = MusicgenConfig(text_encoder=text, audio_encoder=_no_codec(), decoder=_decoder_config(shape))
        model: Any = MusicgenForConditionalGeneration(config)
    model.audio_encoder = nn.Identity()
    model.load_state_dict(dict(_weights(checkpoint, model, dtype)), assign=True)
    positions = model.decoder.model.decoder.embed_positions
    positions.weights = nn.Buffer(positions.get_embedding(POSITIONS, shape.hidden), persistent=False)
    built: MusicgenForConditionalGeneration = model.requires_grad_(False)
    return built


def with_adapter(model: MusicgenForConditionalGeneration, recipe: Recipe, name: str) -> PeftModel:
    """`model` with a new adapter, which changes nothing yet. `name` is what the adapter calls its model."""
    config = LoraConfig(
        r=recipe.rank,
        lora_alpha=recipe.alpha,
        lora_dropout=recipe.lora_dropout,
        bias="none",
        target_modules=[*TARGETS],
    )
    model.config.name_or_path = name
    model.name_or_path = name
    torch.manual_seed(recipe.seed)
    with warnings.catch_warnings():  # peft asks transformers for what has another name by now
        warnings.simplefilter("ignore", FutureWarning)
        adapted = get_peft_model(model, config)
    if recipe.gradient_checkpointing:
        save_memory: Any = model.decoder.activation_checkpointing_enable
        save_memory({"use_reentrant": False})
    return adapted


def trained_weights(model: nn.Module) -> dict[str, nn.Parameter]:
    """What the training changes, by name."""
    return {name: weight for name, weight in model.named_parameters() if weight.requires_grad}


def _weights(checkpoint: Checkpoint, model: nn.Module, dtype: torch.dtype) -> Iterator[tuple[str, Tensor]]:
    text = {f"text_encoder.{name}": name for name in checkpoint.text.tensors}
    table = "text_encoder.encoder.embed_tokens.weight"
    for name in model.state_dict():
        if name == "text_encoder.shared.weight":  # one table of words, which T5 knows by two names
            yield name, checkpoint.text.tensors[text[table]].float()
        elif name in text:
            yield name, checkpoint.text.tensors[text[name]].float()
        else:
            yield name, checkpoint.tensors[name].to(dtype)


def _decoder_config(shape: DecoderShape) -> MusicgenDecoderConfig:
    config: Any = MusicgenDecoderConfig(
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        ffn_dim=shape.ffn,
        num_codebooks=shape.codebooks,
        vocab_size=shape.codebook_size,
        pad_token_id=shape.empty,
        bos_token_id=shape.empty,
        dropout=0.0,
    )
    config.decoder_start_token_id = shape.empty
    return config  # type: ignore[no-any-return]


@contextmanager
def _quiet() -> Iterator[None]:
    """Without transformers' complaint about the token 2048, which the published models have, too."""
    told: Any = logging
    before = told.get_verbosity()
    told.set_verbosity_error()
    try:
        yield
    finally:
        told.set_verbosity(before)


def _no_codec() -> Any:
    from transformers import EncodecConfig

    return EncodecConfig()
