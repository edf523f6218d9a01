"""Measures AudioCraft's own language model and codec on the same weights, in the types that AudioCraft chooses: float32
on the CPU, float16 elsewhere.

Worker: `python -m musicmed_desktop.engines.musicgen.bench.with_audiocraft ORDER`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict, replace
from typing import Any

import torch
from torch import Tensor
from transformers import EncodecModel

from musicmed_desktop.engines.audiocraft.standins import import_audiocraft
from musicmed_desktop.engines.musicgen.bench.order import WARM_UP_FRAMES, Order, answer, row
from musicmed_desktop.engines.musicgen.bench.weights import text_states, weights
from musicmed_desktop.engines.musicgen.bench.with_transformers import encodec_config, fill
from musicmed_desktop.engines.musicgen.checkpoint import Checkpoint, Tensors
from musicmed_desktop.engines.musicgen.sampling import Sampling
from musicmed_desktop.engines.musicgen.shapes import DecoderShape

_TEXT = "description"  # AudioCraft's name for what the text encoder hears
_NORMS = {"self_attn_layer_norm": "norm1", "encoder_attn_layer_norm": "norm_cross", "final_layer_norm": "norm2"}


def find(order: Order) -> dict[str, Any]:
    order = replace(order, dtype="float32" if order.device == "cpu" else "float16")
    model = weights(order.model)
    import_audiocraft()
    lm = build_lm(model, text_states(model.decoder.text_hidden), order.device, getattr(torch, order.dtype))
    codec = build_codec(model, "cpu" if order.device == "mps" else order.device)
    _write(lm, codec, WARM_UP_FRAMES, order)
    tokens_s, total_s = _write(lm, codec, order.frames, order)
    # It gives all sound at once, at the end.
    return {"row": asdict(row("audiocraft", order, tokens_s, total_s, total_s))}


@torch.inference_mode()
def _write(lm: Any, codec: Any, frames: int, order: Order) -> tuple[float, float]:
    """Seconds for the tokens alone, and for all; as AudioCraft's MusicGen does it."""
    from audiocraft.modules.conditioners import ConditioningAttributes

    sampling = Sampling()
    autocast = nullcontext() if order.device == "cpu" else torch.autocast(order.device, torch.float16)
    torch.manual_seed(0)
    start = time.perf_counter()
    with autocast:
        codes = lm.generate(
            conditions=[ConditioningAttributes(text={_TEXT: "music"})],
            max_gen_len=frames,
            top_k=sampling.top_k,
            temp=sampling.temperature,
            cfg_coef=sampling.guidance,
        )
    codes[0, 0, 0].item()  # waits for the device
    tokens_s = time.perf_counter() - start
    sound = codec.decode(codes.to(next(codec.parameters()).device)).cpu()
    total_s = time.perf_counter() - start
    assert sound.shape[-1] == frames * codec.sample_rate // codec.frame_rate
    return tokens_s, total_s


def build_lm(model: Checkpoint, states: Tensor, device: str, dtype: torch.dtype) -> Any:
    """AudioCraft's LMModel with the published models' settings; its text encoder gives `states` [L, text_hidden]."""
    from audiocraft.models.lm import LMModel
    from audiocraft.modules.codebooks_patterns import DelayedPatternProvider
    from audiocraft.modules.conditioners import ConditionFuser, ConditioningProvider

    shape = model.decoder
    lm = LMModel(
        DelayedPatternProvider(shape.codebooks),
        ConditioningProvider({_TEXT: _given(states, shape)}),
        ConditionFuser({"sum": [], "prepend": [], "input_interpolate": [], "cross": [_TEXT]}),
        **_settings(shape),
        device=device,
        dtype=dtype,
    )
    with torch.no_grad():
        for name, tensor in audiocraft_tensors(shape, model.tensors):
            lm.get_parameter(name).copy_(tensor)
    return lm.to(device, dtype).eval()


def _settings(shape: DecoderShape) -> dict[str, Any]:
    """Those of the published models, as far as they matter for what is computed."""
    return {
        "n_q": shape.codebooks,
        "card": shape.codebook_size,
        "dim": shape.hidden,
        "num_heads": shape.heads,
        "hidden_scale": shape.ffn / shape.hidden,
        "num_layers": shape.layers,
        "norm": "layer_norm",
        "norm_first": True,
        "causal": True,
        "cross_attention": True,
        "memory_efficient": True,
        "activation": "gelu",
        "dropout": 0.0,
        "bias_proj": False,
        "bias_ff": False,
        "bias_attn": False,
    }


def build_codec(model: Checkpoint, device: str) -> Any:
    """The codec as AudioCraft has it for the published models: around transformers' EncodecModel, float32."""
    from audiocraft.models.encodec import HFEncodecCompressionModel

    codec = EncodecModel(encodec_config(model.codec))
    fill(codec, model.tensors, "audio_encoder.")
    return HFEncodecCompressionModel(codec).to(device).eval()


def _given(states: Tensor, shape: DecoderShape) -> Any:
    """A text conditioner that gives `states` for every text, and nothing for none."""
    from audiocraft.modules.conditioners import TextConditioner

    class Given(TextConditioner):  # type: ignore[misc, unused-ignore]
        def tokenize(self, texts: list[str | None]) -> Tensor:
            return torch.tensor([text is not None for text in texts])

        def forward(self, heard: Tensor) -> tuple[Tensor, Tensor]:
            weight = self.output_proj.weight
            mask = heard[:, None].expand(-1, len(states)).to(weight.device)  # [B, L]
            return self.output_proj(states.to(weight)) * mask[..., None], mask

    return Given(shape.text_hidden, shape.hidden)


def audiocraft_tensors(shape: DecoderShape, tensors: Tensors) -> Iterator[tuple[str, Tensor]]:
    """The decoder's tensors, under AudioCraft's names."""
    stem = "decoder.model.decoder"
    for k in range(shape.codebooks):
        yield f"emb.{k}.weight", tensors[f"{stem}.embed_tokens.{k}.weight"]
        yield f"linears.{k}.weight", tensors[f"decoder.lm_heads.{k}.weight"]
    for kind in ("weight", "bias"):
        yield f"out_norm.{kind}", tensors[f"{stem}.layer_norm.{kind}"]
        yield f"condition_provider.conditioners.{_TEXT}.output_proj.{kind}", tensors[f"enc_to_dec_proj.{kind}"]
    for i in range(shape.layers):
        for name, tensor in _layer(f"{stem}.layers.{i}", tensors):
            yield f"transformer.layers.{i}.{name}", tensor


def _layer(stem: str, tensors: Tensors) -> Iterator[tuple[str, Tensor]]:
    for ours, theirs in (("self_attn", "self_attn"), ("encoder_attn", "cross_attention")):
        parts = [tensors[f"{stem}.{ours}.{part}_proj.weight"] for part in "qkv"]
        yield f"{theirs}.in_proj_weight", torch.cat(parts)
        yield f"{theirs}.out_proj.weight", tensors[f"{stem}.{ours}.out_proj.weight"]
    for ours, theirs in (("fc1", "linear1"), ("fc2", "linear2")):
        yield f"{theirs}.weight", tensors[f"{stem}.{ours}.weight"]
    for ours, theirs in _NORMS.items():
        for kind in ("weight", "bias"):
            yield f"{theirs}.{kind}", tensors[f"{stem}.{ours}.{kind}"]


if __name__ == "__main__":
    answer(find)
