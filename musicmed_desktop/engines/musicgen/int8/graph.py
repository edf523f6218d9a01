"""MusicGen's decoder as two ONNX graphs: one for what it computes at a step, one for what it keeps of a prompt.

After Copet et al. 2023 (arXiv 2306.05284): pre-norm layers of self-attention, cross-attention and an MLP. The weights
have the names of transformers. R rows read S columns at a time; L is the length of the longest prompt.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from musicmed_desktop.engines.musicgen.checkpoint import Tensors
from musicmed_desktop.engines.musicgen.int8.builder import Dims, GraphBuilder
from musicmed_desktop.engines.musicgen.int8.run import PARTS
from musicmed_desktop.engines.musicgen.shapes import POSITIONS, DecoderShape

_STEM = "decoder.model.decoder"


def step_graph(shape: DecoderShape, tensors: Tensors) -> GraphBuilder:
    """From x [R, S, d], the embedded columns, to the logits [R, 1, K * V] of what follows the last one.

    Reads `past` and `prompt` keys and values of each layer, and writes the past ones back with the new columns.
    """
    g = GraphBuilder()
    x = g.input("x", ["R", "S", shape.hidden])
    g.input("last", ["R"], np.int32)  # the place of the last column, for each row
    g.input("total", [1], np.int32)  # columns read when this step is done
    g.input("heard", ["R", "L"], np.int32)  # 1 where a row has a prompt
    for index in range(shape.layers):
        x = _layer(g, _Layer(index, shape, tensors), x)
    x = g.op("Gather", [x, g.weight(np.array([-1]))], axis=1)  # [R, 1, d]: only the last column
    x = g.norm(x, tensors[f"{_STEM}.layer_norm.weight"], tensors[f"{_STEM}.layer_norm.bias"])
    heads = torch.cat([tensors[f"decoder.lm_heads.{k}.weight"] for k in range(shape.codebooks)])
    logits = g.linear(x, heads, "logits")
    g.output(logits, ["R", 1, len(heads)])
    return g


def prompt_graph(shape: DecoderShape, tensors: Tensors) -> GraphBuilder:
    """From one prompt's states [L, text_hidden] to its keys and values in all layers, [L, layers * 2 * d]."""
    g = GraphBuilder()
    states = g.input("states", ["L", shape.text_hidden])
    if "enc_to_dec_proj.weight" in tensors:  # missing where the text encoder is as wide as the decoder
        projected = g.linear(states, tensors["enc_to_dec_proj.weight"])
        states = g.op("Add", [projected, g.weight(tensors["enc_to_dec_proj.bias"].float().numpy())])
    layers = [_Layer(index, shape, tensors) for index in range(shape.layers)]
    kept = [g.linear(states, layer.joined("encoder_attn", "kv")) for layer in layers]
    g.op("Concat", kept, "keys_values", axis=1)
    g.output("keys_values", ["L", shape.layers * 2 * shape.hidden])
    return g


@dataclass(frozen=True)
class _Layer:
    """Where one layer's weights lie."""

    index: int
    shape: DecoderShape
    tensors: Tensors

    def __getitem__(self, name: str) -> torch.Tensor:
        return self.tensors[f"{_STEM}.layers.{self.index}.{name}"]

    def joined(self, attention: str, parts: str) -> torch.Tensor:
        """The weights of an attention's projections, as of "qkv", one below the other."""
        return torch.cat([self[f"{attention}.{part}_proj.weight"] for part in parts])


def _layer(g: GraphBuilder, layer: _Layer, x: str) -> str:
    x = g.op("Add", [x, _self_attention(g, layer, _norm(g, layer, "self_attn_layer_norm", x))])
    x = g.op("Add", [x, _cross_attention(g, layer, _norm(g, layer, "encoder_attn_layer_norm", x))])
    return g.op("Add", [x, _mlp(g, layer, _norm(g, layer, "final_layer_norm", x))])


def _norm(g: GraphBuilder, layer: _Layer, name: str, x: str) -> str:
    return g.norm(x, layer[f"{name}.weight"], layer[f"{name}.bias"])


def _self_attention(g: GraphBuilder, layer: _Layer, x: str) -> str:
    heads = layer.shape.heads
    cache: Dims = ["R", heads, POSITIONS, layer.shape.head_dim]
    past = [g.input(f"past_{part}_{layer.index}", cache) for part in PARTS]
    present = [g.output(f"present_{part}_{layer.index}", cache) for part in PARTS]
    qkv = g.linear(x, layer.joined("self_attn", "qkv"))  # [R, S, 3d]
    inputs, sizes = [qkv, "", "", *past, "last", "total"], {"num_heads": heads, "kv_num_heads": heads}
    seen = g.own_op("GroupQueryAttention", inputs, f"seen_{layer.index}", *present, **sizes)
    return g.linear(seen, layer["self_attn.out_proj.weight"])


def _cross_attention(g: GraphBuilder, layer: _Layer, x: str) -> str:
    # A row without a prompt has values of 0, and so gets 0.
    kept: Dims = ["R", layer.shape.heads, "L", layer.shape.head_dim]
    keys, values = (g.input(f"prompt_{part}_{layer.index}", kept) for part in PARTS)
    q = g.linear(x, layer["encoder_attn.q_proj.weight"])
    heard = g.own_op("MultiHeadAttention", [q, keys, values, "", "heard"], num_heads=layer.shape.heads)
    return g.linear(heard, layer["encoder_attn.out_proj.weight"])


def _mlp(g: GraphBuilder, layer: _Layer, x: str) -> str:
    inner = g.own_op("Gelu", [g.linear(x, layer["fc1.weight"])])  # the exact one
    return g.linear(inner, layer["fc2.weight"])
