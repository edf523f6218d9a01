"""Measures transformers' own `generate` on the same weights: float32 on the CPU, float16 elsewhere.

Worker: `python -m musicmed_desktop.engines.musicgen.bench.with_transformers ORDER`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized
from transformers import EncodecConfig, MusicgenConfig, MusicgenForConditionalGeneration, T5Config
from transformers.models.musicgen import MusicgenDecoderConfig

from musicmed_desktop.engines.musicgen.bench.order import TEXT_TOKENS, WARM_UP_FRAMES, Order, answer, row
from musicmed_desktop.engines.musicgen.bench.weights import weights
from musicmed_desktop.engines.musicgen.checkpoint import Checkpoint
from musicmed_desktop.engines.musicgen.sampling import Sampling
from musicmed_desktop.engines.musicgen.shapes import CodecShape, DecoderShape


def find(order: Order) -> dict[str, Any]:
    order = replace(order, dtype="float32" if order.device == "cpu" else "float16")
    model = build(weights(order.model), getattr(torch, order.dtype)).to(order.device)
    _write(model, WARM_UP_FRAMES)
    tokens_s, total_s = _write(model, order.frames)
    # It gives all sound at once, at the end.
    return {"row": asdict(row("transformers", order, tokens_s, total_s, total_s))}


def _write(model: Any, frames: int) -> tuple[float, float]:
    """Seconds for the tokens alone, and for all."""
    sampling = Sampling()
    codec_began: list[float] = []
    hook = model.audio_encoder.decoder.register_forward_pre_hook(lambda *_: codec_began.append(time.perf_counter()))
    text = torch.zeros(1, TEXT_TOKENS, dtype=torch.int64, device=model.device)
    torch.manual_seed(0)
    start = time.perf_counter()
    sound = model.generate(
        input_ids=text,
        attention_mask=torch.ones_like(text),
        do_sample=True,
        top_k=sampling.top_k,
        temperature=sampling.temperature,
        guidance_scale=sampling.guidance,
        max_length=frames + model.decoder.num_codebooks,
    ).cpu()
    total_s = time.perf_counter() - start
    hook.remove()
    assert sound.shape[-1] == frames * model.config.audio_encoder.hop_length
    return codec_began[0] - start, total_s


def build(model: Checkpoint, dtype: torch.dtype) -> Any:
    """The same model in transformers' own modules; its text encoder is as wide, but of one layer."""
    empty = model.decoder.empty
    text = T5Config(vocab_size=8, d_model=model.decoder.text_hidden, d_kv=8, d_ff=8, num_layers=1, num_heads=1)
    config = MusicgenConfig(
        text_encoder=text, audio_encoder=encodec_config(model.codec), decoder=_decoder_config(model.decoder)
    )
    transformers_model: Any = MusicgenForConditionalGeneration
    built = transformers_model._from_config(config, dtype=dtype).eval()
    fill(built, model.tensors)
    built.generation_config.update(bos_token_id=empty, pad_token_id=empty, decoder_start_token_id=empty)
    return built


def _decoder_config(shape: DecoderShape) -> MusicgenDecoderConfig:
    return MusicgenDecoderConfig(
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        ffn_dim=shape.ffn,
        num_codebooks=shape.codebooks,
        vocab_size=shape.codebook_size,
        pad_token_id=shape.empty,
        bos_token_id=shape.empty,
    )


def encodec_config(shape: CodecShape) -> EncodecConfig:
    bits = (shape.codebook_size - 1).bit_length()
    return EncodecConfig(
        sampling_rate=shape.sample_rate,
        upsampling_ratios=[*shape.ratios],
        num_filters=shape.filters,
        hidden_size=shape.hidden,
        kernel_size=shape.kernel,
        last_kernel_size=shape.last_kernel,
        residual_kernel_size=shape.residual_kernel,
        num_residual_layers=shape.residual_layers,
        dilation_growth_rate=shape.dilation_growth,
        compress=shape.compress,
        num_lstm_layers=shape.lstm_layers,
        use_conv_shortcut=shape.conv_shortcut,
        pad_mode=shape.pad_mode,
        codebook_size=shape.codebook_size,
        target_bandwidths=[shape.codebooks * bits * shape.frame_rate / 1000],  # of all codebooks, kbit/s
        use_causal_conv=False,
        normalize=False,
    )


@torch.no_grad()
def fill(module: nn.Module, tensors: Mapping[str, Tensor], prefix: str = "") -> None:
    """Put in the tensors whose names begin with `prefix`; weight norm takes its weights as they are."""
    for name in tensors:
        if name.startswith(prefix):
            owner, _, leaf = name.removeprefix(prefix).rpartition(".")
            part: Any = module.get_submodule(owner)
            if is_parametrized(part, leaf):
                setattr(part, leaf, tensors[name].to(part.bias))
            else:
                getattr(part, leaf).copy_(tensors[name])


if __name__ == "__main__":
    answer(find)
