"""Real MusicGen models with few weights, all of them random, and the same in memory and on disk."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from transformers import EncodecConfig, MusicgenConfig, MusicgenForConditionalGeneration, T5Config, T5Tokenizer
from transformers.models.musicgen import MusicgenDecoderConfig
from transformers.utils import logging

from musicmed_desktop.engines.musicgen.checkpoint import Checkpoint, TextSource
from musicmed_desktop.engines.musicgen.shapes import SMALL, CodecShape, DecoderShape

_logging: Any = logging
_logging.disable_progress_bar()  # its thread outlives it
_logging.set_verbosity_error()  # there is a complaint about the token 2048, which the published models have, too

_CODES = 2048
_SPACE = "▁"
_WORDS = ["a", "and", "calm", "slow", "soft", "warm", "bright", "happy", "sad", "piano", "strings", "drums", "music"]
_PIECES = [_SPACE + word for word in _WORDS] + [_SPACE, *"abcdefghijklmnopqrstuvwxyz0123456789,.-:"]
_SPECIAL = ["<pad>", "</s>", "<unk>"]  # in T5's order


def tiny_transformers(
    hidden: int = 64, layers: int = 2, heads: int = 4, ffn: int = 128, seed: int = 0, text_hidden: int = 48
) -> MusicgenForConditionalGeneration:
    """A whole MusicGen: text encoder, decoder, codec. Its logits have a spread of about 2, so that greedy music varies,
    and its codec's sound one of about 0.2."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = MusicgenForConditionalGeneration(_config(hidden, layers, heads, ffn, text_hidden))
        _randomize_decoder(model)
        _randomize_codec(model.audio_encoder)
    generation: Any = model.generation_config
    generation.update(
        bos_token_id=_CODES,
        decoder_start_token_id=_CODES,
        pad_token_id=_CODES,
        do_sample=True,
        guidance_scale=3.0,
        max_length=1500,
    )
    model.train(False)
    return model


def small_slice(layers: int = 2, seed: int = 0) -> MusicgenForConditionalGeneration:
    """musicgen-small's width with fewer layers, beside a tiny text encoder of its width and the tiny codec."""
    return tiny_transformers(SMALL.hidden, layers, SMALL.heads, SMALL.ffn, seed, SMALL.text_hidden)


def save_transformers(model: MusicgenForConditionalGeneration, folder: Path, **options: Any) -> Path:
    """Write `folder` as a published model's is; `options` are those of transformers' `save_pretrained`."""
    model.save_pretrained(folder, **options)
    save_tokenizer(folder)
    return folder


def save_tokenizer(folder: Path) -> Path:
    """A small T5 tokenizer: some words of music, and single letters for the rest."""
    scores = [(piece, 0.0) for piece in _SPECIAL] + [(piece, -2.0 if len(piece) > 1 else -5.0) for piece in _PIECES]
    T5Tokenizer(vocab=scores, extra_ids=0, model_max_length=512).save_pretrained(folder)
    return folder


def as_checkpoint(model: MusicgenForConditionalGeneration, tokenizer: Path = Path("no-tokenizer")) -> Checkpoint:
    """What `read_checkpoint` would find, without a disk; tensors are the model's own, save where weight norm was."""
    tensors = model.state_dict()
    text = {key.removeprefix("text_encoder."): tensor for key, tensor in tensors.items() if key.startswith("text_")}
    kept = ("decoder.", "enc_to_dec_proj.", "audio_encoder.decoder.")
    music = {key: tensor for key, tensor in tensors.items() if key.startswith(kept) or key.endswith("codebook.embed")}
    config: Any = model.config
    decoder, codec = config.decoder, config.audio_encoder
    return Checkpoint(
        name="tiny",
        folder=Path("tiny"),
        decoder=DecoderShape(
            decoder.hidden_size,
            decoder.num_hidden_layers,
            decoder.num_attention_heads,
            decoder.ffn_dim,
            config.text_encoder.d_model,
        ),
        codec=CodecShape(filters=codec.num_filters, hidden=codec.hidden_size, pad_mode=codec.pad_mode),
        text=TextSource(config.text_encoder.to_dict(), MappingProxyType(text), tokenizer),
        tensors=MappingProxyType(_without_weight_norm(model, music)),
    )


def _config(hidden: int, layers: int, heads: int, ffn: int, text_hidden: int) -> MusicgenConfig:
    text = T5Config(
        vocab_size=len(_SPECIAL) + len(_PIECES),
        d_model=text_hidden,
        d_kv=8,
        d_ff=64,
        num_layers=2,
        num_heads=4,
        dropout_rate=0.0,
        is_encoder_decoder=False,
        use_cache=False,
    )
    codec = EncodecConfig(
        sampling_rate=32_000,
        upsampling_ratios=[8, 5, 4, 4],
        num_filters=4,
        hidden_size=16,
        codebook_size=_CODES,
        target_bandwidths=[2.2],
        use_causal_conv=False,
        use_conv_shortcut=False,
    )
    decoder: Any = MusicgenDecoderConfig(
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        ffn_dim=ffn,
        dropout=0.0,
    )
    decoder.decoder_start_token_id = _CODES  # training asks the decoder's own configuration for it
    return MusicgenConfig(text_encoder=text, audio_encoder=codec, decoder=decoder)


@torch.no_grad()
def _randomize_decoder(model: MusicgenForConditionalGeneration) -> None:
    """Every weight matters: matrices keep the variance, heads double it, no layer norm is the identity."""
    projection = getattr(model, "enc_to_dec_proj", torch.nn.Identity())
    for key, weight in chain(model.decoder.named_parameters(), projection.named_parameters()):
        if "layer_norm.weight" in key:
            weight.normal_(1.0, 0.1)
        elif weight.dim() == 1:
            weight.normal_(0.0, 0.1)
        elif "embed_tokens" in key:
            weight.normal_(0.0, 0.5)
        else:
            weight.normal_(0.0, (2.0 if "lm_heads" in key else 1.0) / weight.shape[1] ** 0.5)


@torch.no_grad()
def _randomize_codec(codec: Any) -> None:
    for module in codec.modules():
        if hasattr(module, "parametrizations"):
            up = module.stride[0] / 2 if isinstance(module, torch.nn.ConvTranspose1d) else 1.0
            module.parametrizations.weight.original0.normal_(1.0, 0.1).mul_(up**0.5)
            module.parametrizations.weight.original1.normal_()
            module.bias.normal_(0.0, 0.05)
    codec.decoder.layers[-1].conv.parametrizations.weight.original0.mul_(0.2)
    for layer in codec.quantizer.layers:
        layer.codebook.embed.normal_(0.0, 0.5)


def _without_weight_norm(
    model: MusicgenForConditionalGeneration, tensors: Mapping[str, torch.Tensor]
) -> dict[str, torch.Tensor]:
    normed = ".parametrizations.weight.original"
    plain = {key: tensor for key, tensor in tensors.items() if normed not in key}
    for key in tensors:
        if key.endswith(normed + "0"):
            name = key.removesuffix(normed + "0")
            weight = model.get_submodule(name).weight
            assert isinstance(weight, torch.Tensor)
            plain[name + ".weight"] = weight.detach()
    return plain
