"""MusicGen's transformer in torch: the reference in float32, and what computes on graphics processors.

After Copet et al. 2023 (arXiv 2306.05284). It differs from a plain one in what it need not do: the cache is one static
block, keys and values of the prompt are computed once, and the row without a prompt has no cross-attention, since that
would add exactly 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import embedding, gelu, layer_norm, linear, scaled_dot_product_attention

from musicmed_desktop.engines.musicgen.checkpoint import Tensors
from musicmed_desktop.engines.musicgen.graphs import graphed
from musicmed_desktop.engines.musicgen.heap import trim
from musicmed_desktop.engines.musicgen.shapes import POSITIONS, DecoderShape

PROMPT_ROOM = 64  # text tokens for which the prompt's keys have room at first
# Graphics processors read the cache up to a multiple of this, so that few graphs (CUDA's, and those that Metal compiles
# for each shape) serve all positions.
_REACH_STEP = 256


@dataclass(frozen=True, eq=False)
class Norm:
    weight: Tensor  # [d]
    bias: Tensor  # [d]

    def __call__(self, h: Tensor) -> Tensor:
        return layer_norm(h, self.weight.shape, self.weight, self.bias)


@dataclass(frozen=True, eq=False)
class Layer:
    """Weights of one layer, each [out, in]."""

    self_norm: Norm
    qkv: Tensor  # [3d, d]
    self_out: Tensor
    cross_norm: Norm
    cross_q: Tensor
    cross_kv: Tensor  # [2d, d]
    cross_out: Tensor
    mlp_norm: Norm
    fc1: Tensor
    fc2: Tensor


class TorchDecoder:
    """See seam.Decoder. `device` and `dtype` are those of its weights and its cache."""

    def __init__(
        self, shape: DecoderShape, tensors: Tensors, device: str = "cpu", dtype: torch.dtype = torch.float32
    ) -> None:
        self.shape = shape
        self._place = torch.device(device), dtype
        load = _Loader(tensors, *self._place)
        # Missing where the text encoder is as wide as the decoder.
        self._project = load.linear("enc_to_dec_proj") if "enc_to_dec_proj.weight" in tensors else None
        stem = "decoder.model.decoder"
        self._embeddings = [load(f"{stem}.embed_tokens.{k}.weight") for k in range(shape.codebooks)]
        self._positions = sinusoid(POSITIONS, shape.hidden).to(*self._place)  # [P, d]
        self._layers = [load.layer(f"{stem}.layers.{i}") for i in range(shape.layers)]
        self._norm = load.norm(f"{stem}.layer_norm")
        self._heads = load.joined(*(f"decoder.lm_heads.{k}.weight" for k in range(shape.codebooks)))  # [K * V, d]
        self._reserve(rows=2, room=PROMPT_ROOM)
        self._rows = self._read = 0

    @torch.inference_mode()
    def begin(self, prompts: Sequence[Tensor]) -> None:
        """See seam.Decoder."""
        self._rows, self._read = 1 + len(prompts), 0
        rows, room = self._cache.shape[2], self._prompts.shape[4]
        longest = max(len(states) for states in prompts)
        if self._rows > rows or longest > room:
            del self._cache, self._prompts, self._compute  # before there are larger ones
            self._reserve(max(rows, self._rows), max(room, longest))
        for row, states in enumerate(prompts):
            self._heard[row] = self._mask(torch.arange(self._heard.shape[-1], device=self._place[0]) < len(states))
            projected = states.to(*self._place)
            if self._project:
                projected = linear(projected, *self._project)
            for layer, kept in zip(self._layers, self._prompts, strict=True):
                keys_values = linear(projected, layer.cross_kv)  # [L, 2d]
                kept[:, row, :, : len(states)] = self._split(keys_values, 2)

    @torch.inference_mode()
    def advance(self, columns: Tensor) -> Tensor:
        """See seam.Decoder. ValueError beyond POSITIONS columns."""
        end = self._read + columns.shape[1]
        if end > POSITIONS:
            raise ValueError(f"{end} columns; there is room for {POSITIONS}")
        index = torch.arange(self._read, end, device=self._place[0])
        self._read = end
        reach = end if self._place[0].type == "cpu" else min(-(-end // _REACH_STEP) * _REACH_STEP, POSITIONS)
        return self._compute(columns.to(self._place[0]), index, self._rows, reach)

    def settle(self) -> None:
        """See seam.Decoder."""
        self._rows = min(self._rows, 2)

    def _reserve(self, rows: int, room: int) -> None:
        shape, (device, dtype) = self.shape, self._place
        heads, width = shape.heads, shape.head_dim
        # Keys and values of what was read, and of the prompts.
        self._cache = torch.zeros(shape.layers, 2, rows, heads, POSITIONS, width, device=device, dtype=dtype)
        self._prompts = torch.zeros(shape.layers, 2, rows - 1, heads, room, width, device=device, dtype=dtype)
        self._heard = torch.zeros(rows - 1, 1, 1, room, device=device, dtype=dtype)
        # New blocks need new graphs, which read from where they were made.
        self._compute = graphed(self._forward) if device.type == "cuda" else self._forward

    def _forward(self, columns: Tensor, index: Tensor, rows: int, reach: int) -> Tensor:
        # columns: [K, S]; index: [S], their places; reach: how far the cache may be filled
        h = self._positions[index]
        for table, tokens in zip(self._embeddings, columns, strict=True):
            h = h + embedding(tokens, table)
        h = h.repeat(rows, 1, 1)  # [rows, S, d]
        mask = self._mask(torch.arange(reach, device=index.device) <= index[:, None])  # [S, reach]
        for layer, cache, prompts in zip(self._layers, self._cache, self._prompts, strict=True):
            q, *keys_values = self._split(linear(layer.self_norm(h), layer.qkv), 3)  # each [rows, H, S, d/H]
            for kept, new in zip(cache[:, :rows], keys_values, strict=True):
                kept.index_copy_(2, index, new)
            k, v = cache[:, :rows, :, :reach]
            h = h + linear(self._merge(scaled_dot_product_attention(q, k, v, attn_mask=mask)), layer.self_out)
            (q,) = self._split(linear(layer.cross_norm(h[1:]), layer.cross_q), 1)
            k, v = prompts[:, : rows - 1]
            heard = scaled_dot_product_attention(q, k, v, attn_mask=self._heard[: rows - 1])
            h[1:] += linear(self._merge(heard), layer.cross_out)
            h = h + linear(gelu(linear(layer.mlp_norm(h), layer.fc1)), layer.fc2)
        logits = linear(self._norm(h[:, -1]), self._heads)
        return logits.view(rows, self.shape.codebooks, -1).float()

    def _mask(self, seen: Tensor) -> Tensor:
        """What attention adds to its scores; from a boolean mask every layer would make it anew."""
        return torch.zeros(seen.shape, device=seen.device, dtype=self._place[1]).masked_fill(~seen, -math.inf)

    def _split(self, x: Tensor, parts: int) -> Tensor:
        """[..., S, parts * d] -> [parts, ..., H, S, d/H]"""
        x = x.view(*x.shape[:-1], parts, self.shape.heads, self.shape.head_dim)
        return x.movedim(-3, 0).transpose(-3, -2)

    def _merge(self, x: Tensor) -> Tensor:
        """[rows, H, S, d/H] -> [rows, S, d]"""
        return x.transpose(1, 2).flatten(2)


@dataclass(frozen=True, eq=False)
class _Loader:
    """Brings tensors to their place, one at a time."""

    tensors: Tensors
    device: torch.device
    dtype: torch.dtype

    def __call__(self, name: str) -> Tensor:
        return self.tensors[name].to(self.device, self.dtype)

    def linear(self, name: str) -> tuple[Tensor, Tensor]:
        return self(f"{name}.weight"), self(f"{name}.bias")

    def joined(self, *names: str) -> Tensor:
        return torch.cat([self(name) for name in names])

    def norm(self, name: str) -> Norm:
        return Norm(self(f"{name}.weight"), self(f"{name}.bias"))

    def layer(self, name: str) -> Layer:
        trim()  # what the layer before left would come to a quarter of the model
        own, cross = f"{name}.self_attn", f"{name}.encoder_attn"
        return Layer(
            self_norm=self.norm(f"{own}_layer_norm"),
            qkv=self.joined(*(f"{own}.{part}_proj.weight" for part in "qkv")),
            self_out=self(f"{own}.out_proj.weight"),
            cross_norm=self.norm(f"{cross}_layer_norm"),
            cross_q=self(f"{cross}.q_proj.weight"),
            cross_kv=self.joined(*(f"{cross}.{part}_proj.weight" for part in "kv")),
            cross_out=self(f"{cross}.out_proj.weight"),
            mlp_norm=self.norm(f"{name}.final_layer_norm"),
            fc1=self(f"{name}.fc1.weight"),
            fc2=self(f"{name}.fc2.weight"),
        )


def sinusoid(positions: int, hidden: int) -> Tensor:
    """Position embeddings [positions, hidden], float32: cosines, then sines; frequencies fall from 1 to 1/10000."""
    half = hidden // 2
    frequencies = torch.exp(torch.arange(half) * (-math.log(10_000.0) / (half - 1)))
    angles = torch.arange(positions)[:, None] * frequencies
    return torch.cat([angles.cos(), angles.sin()], dim=1)
