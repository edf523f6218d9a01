"""The weights that all engines are measured on: a model's, or random ones of musicgen-small's exact shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod
from pathlib import Path
from zlib import crc32

import torch
from torch import Tensor

from musicmed_desktop.engines.musicgen.bench.order import TEXT_TOKENS
from musicmed_desktop.engines.musicgen.checkpoint import Checkpoint, TextSource
from musicmed_desktop.engines.musicgen.shapes import SMALL, CodecShape, DecoderShape

_SPREAD = 0.02  # of the weights: activations keep their size, and logits stay near 0
_DRAWN = 1_000_003  # numbers are drawn and then repeated, which is fast; a prime, so that no two rows of a matrix agree
Sizes = dict[str, tuple[int, ...]]


def weights(model: str) -> Checkpoint:
    """The model in the folder of that name; random weights, which cost the same, where it is "".

    Raises UserError for a folder that holds no model.
    """
    if model:
        from musicmed_desktop.engines.musicgen.checkpoint import read_checkpoint

        return read_checkpoint(Path(model))
    return random_weights(SMALL, CodecShape(), "random weights of musicgen-small's shape")


def random_weights(decoder: DecoderShape, codec: CodecShape, name: str) -> Checkpoint:
    tensors = RandomTensors(decoder_sizes(decoder) | codec_sizes(codec))
    return Checkpoint(name, Path(), decoder, codec, TextSource({}, {}, Path()), tensors)


def text_states(width: int) -> Tensor:
    """What a text encoder makes of a prompt, as far as costs go: [L, width]."""
    return RandomTensors({"states": (TEXT_TOKENS, width)})["states"]


class RandomTensors(Mapping[str, Tensor]):
    """Tensors of these sizes, drawn anew, and the same, whenever and in whichever process one is asked for."""

    def __init__(self, sizes: Mapping[str, tuple[int, ...]]) -> None:
        self._sizes = sizes
        self._drawn = torch.randn(_DRAWN, generator=torch.Generator().manual_seed(0)) * _SPREAD

    def __getitem__(self, name: str) -> Tensor:
        size = self._sizes[name]
        if "norm.weight" in name:
            return torch.ones(size)
        own = self._drawn.roll(crc32(name.encode()) % _DRAWN)
        return own.repeat(-(-prod(size) // _DRAWN))[: prod(size)].view(size)

    def __iter__(self) -> Iterator[str]:
        return iter(self._sizes)

    def __len__(self) -> int:
        return len(self._sizes)


def decoder_sizes(shape: DecoderShape) -> Sizes:
    """The decoder's tensors, and the projection of the text encoder's states."""
    d = shape.hidden
    sizes: Sizes = {"enc_to_dec_proj.weight": (d, shape.text_hidden), "enc_to_dec_proj.bias": (d,)}
    for k in range(shape.codebooks):
        sizes[f"decoder.model.decoder.embed_tokens.{k}.weight"] = (shape.codebook_size + 1, d)
        sizes[f"decoder.lm_heads.{k}.weight"] = (shape.codebook_size, d)
    for i in range(shape.layers):
        layer = f"decoder.model.decoder.layers.{i}"
        sizes |= {f"{layer}.fc1.weight": (shape.ffn, d), f"{layer}.fc2.weight": (d, shape.ffn)}
        for attention in ("self_attn", "encoder_attn"):
            sizes |= {f"{layer}.{attention}.{part}_proj.weight": (d, d) for part in ("q", "k", "v", "out")}
            sizes |= _norm(f"{layer}.{attention}_layer_norm", d)
        sizes |= _norm(f"{layer}.final_layer_norm", d)
    return sizes | _norm("decoder.model.decoder.layer_norm", d)


def codec_sizes(shape: CodecShape) -> Sizes:
    """The tensors of the codec's decoder and quantizer, without weight norm."""
    width = shape.filters * 2 ** len(shape.ratios)
    layers = [_conv((width, shape.hidden, shape.kernel)), _lstm(width, shape.lstm_layers)]
    for ratio in shape.ratios:
        layers += [_ELU, {"conv.weight": (width, width // 2, 2 * ratio), "conv.bias": (width // 2,)}]
        width //= 2
        layers += [_residual(width, shape)] * shape.residual_layers
    layers += [_ELU, _conv((1, width, shape.last_kernel))]
    sizes = {f"audio_encoder.decoder.layers.{i}.{k}": v for i, layer in enumerate(layers) for k, v in layer.items()}
    codebook = (shape.codebook_size, shape.hidden)
    return sizes | {f"audio_encoder.quantizer.layers.{k}.codebook.embed": codebook for k in range(shape.codebooks)}


_ELU: Sizes = {}  # a layer without weights


def _lstm(width: int, layers: int) -> Sizes:
    sizes: Sizes = {}
    for i in range(layers):
        sizes |= {f"lstm.weight_{side}_l{i}": (4 * width, width) for side in ("ih", "hh")}
        sizes |= {f"lstm.bias_{side}_l{i}": (4 * width,) for side in ("ih", "hh")}
    return sizes


def _residual(width: int, shape: CodecShape) -> Sizes:
    inner = width // shape.compress
    sizes = _conv((inner, width, shape.residual_kernel), "block.1.") | _conv((width, inner, 1), "block.3.")
    return sizes | (_conv((width, width, 1), "shortcut.") if shape.conv_shortcut else {})


def _conv(size: tuple[int, int, int], stem: str = "") -> Sizes:
    return {f"{stem}conv.weight": size, f"{stem}conv.bias": size[:1]}


def _norm(name: str, width: int) -> Sizes:
    return {f"{name}.weight": (width,), f"{name}.bias": (width,)}
