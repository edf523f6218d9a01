"""Which tensors a model has, by transformers' names, and their shapes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from musicmed_desktop.engines.musicgen.checkpoint.complaints import damaged, unknown
from musicmed_desktop.engines.musicgen.checkpoint.settings import Settings
from musicmed_desktop.engines.musicgen.checkpoint.stored import Shape, Stored, StoredTensors
from musicmed_desktop.engines.musicgen.shapes import CodecShape, DecoderShape
from musicmed_desktop.errors import UserError

Layout = dict[str, Shape]

_MUSIC = ("decoder.", "enc_to_dec_proj.", "audio_encoder.decoder.", "audio_encoder.quantizer.")
_UNUSED = (".embed_positions.weights", ".inited", ".cluster_size", ".embed_avg")  # computed anew, or for training alone


def chosen(stored: Mapping[str, Stored], layout: Layout, folder: Path) -> StoredTensors:
    """The tensors of the layout. Raises UserError where one is missing, has another shape, or is not of floats."""
    for name, shape in layout.items():
        if name not in stored:
            raise UserError(
                f"The model in {folder} is incomplete: {name} is missing.", "Copy or download the model again."
            )
        if stored[name].shape != shape or not stored[name].floating:
            raise damaged(stored[name].file, f"{name} is {stored[name].shape} and should be {shape}, of floats")
    return StoredTensors({name: stored[name] for name in layout})


def music_tensors(
    stored: Mapping[str, Stored], decoder: DecoderShape, codec: CodecShape, folder: Path
) -> StoredTensors:
    """The decoder's and the codec's tensors. Raises UserError also where there are more than these should have, which
    would be left out in silence."""
    layout = decoder_layout(decoder) | codec_layout(codec)
    projection = projection_layout(decoder)
    if decoder.text_hidden != decoder.hidden or projection.keys() & stored.keys():
        layout |= projection
    for name in stored.keys() - layout.keys():
        if name.startswith(_MUSIC) and not name.endswith(_UNUSED):
            raise unknown(stored[name].file, name)
    return chosen(stored, layout, folder)


def decoder_layout(shape: DecoderShape) -> Layout:
    d, stem = shape.hidden, "decoder.model.decoder"
    layout = _norm(f"{stem}.layer_norm", d)
    for k in range(shape.codebooks):
        layout[f"{stem}.embed_tokens.{k}.weight"] = (shape.codebook_size + 1, d)
        layout[f"decoder.lm_heads.{k}.weight"] = (shape.codebook_size, d)
    for i in range(shape.layers):
        layer = f"{stem}.layers.{i}"
        for attention in ("self_attn", "encoder_attn"):
            layout |= _norm(f"{layer}.{attention}_layer_norm", d)
            layout |= {f"{layer}.{attention}.{part}_proj.weight": (d, d) for part in ("q", "k", "v", "out")}
        layout |= _norm(f"{layer}.final_layer_norm", d)
        layout |= {f"{layer}.fc1.weight": (shape.ffn, d), f"{layer}.fc2.weight": (d, shape.ffn)}
    return layout


def projection_layout(shape: DecoderShape) -> Layout:
    """Of what brings the text encoder's states to the decoder's width."""
    return {"enc_to_dec_proj.weight": (shape.hidden, shape.text_hidden), "enc_to_dec_proj.bias": (shape.hidden,)}


def codec_layout(shape: CodecShape) -> Layout:
    """Of EnCodec's decoder and quantizer."""
    layers, width = "audio_encoder.decoder.layers", shape.filters * 2 ** len(shape.ratios)
    layout = _conv(f"{layers}.0.conv", width, shape.hidden, shape.kernel)
    layout |= _lstm(f"{layers}.1.lstm", width, shape.lstm_layers)
    place = 1  # of the last module; an ELU without weights comes before each convolution
    for ratio in shape.ratios:
        place += 2
        layout[f"{layers}.{place}.conv.weight"] = (width, width // 2, 2 * ratio)  # a transposed one
        layout[f"{layers}.{place}.conv.bias"] = (width // 2,)
        width //= 2
        for _ in range(shape.residual_layers):
            place += 1
            layout |= _residual(f"{layers}.{place}", width, shape)
    layout |= _conv(f"{layers}.{place + 2}.conv", 1, width, shape.last_kernel)
    for k in range(shape.codebooks):
        layout[f"audio_encoder.quantizer.layers.{k}.codebook.embed"] = (shape.codebook_size, shape.hidden)
    return layout


def text_layout(config: Settings) -> Layout:
    """Of T5's encoder (Raffel et al. 2020, arXiv 1910.10683); defaults are those of transformers' T5Config."""
    d, heads = config.count("d_model", 512), config.count("num_heads", 8)
    inner, ffn = heads * config.count("d_kv", 64), config.count("d_ff", 2048)
    gated = str(config.get("feed_forward_proj", "relu")).startswith("gated-")
    layout: Layout = dict.fromkeys(
        ("shared.weight", "encoder.embed_tokens.weight"), (config.count("vocab_size", 32128), d)
    )
    layout["encoder.final_layer_norm.weight"] = (d,)
    for i in range(config.count("num_layers", 6, most=1000)):
        attention, mlp = f"encoder.block.{i}.layer.0", f"encoder.block.{i}.layer.1"
        layout |= {f"{attention}.SelfAttention.{part}.weight": (inner, d) for part in "qkv"}
        layout[f"{attention}.SelfAttention.o.weight"] = (d, inner)
        layout |= {f"{mlp}.DenseReluDense.{part}.weight": (ffn, d) for part in (("wi_0", "wi_1") if gated else ("wi",))}
        layout[f"{mlp}.DenseReluDense.wo.weight"] = (d, ffn)
        layout |= {f"{attention}.layer_norm.weight": (d,), f"{mlp}.layer_norm.weight": (d,)}
    buckets = config.count("relative_attention_num_buckets", 32)
    layout["encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"] = (buckets, heads)
    return layout


def _residual(name: str, width: int, shape: CodecShape) -> Layout:
    inner = width // shape.compress
    layout = _conv(f"{name}.block.1.conv", inner, width, shape.residual_kernel)
    layout |= _conv(f"{name}.block.3.conv", width, inner, 1)
    if shape.conv_shortcut:
        layout |= _conv(f"{name}.shortcut.conv", width, width, 1)
    return layout


def _lstm(name: str, width: int, layers: int) -> Layout:
    ends = [f"{source}_l{n}" for source in ("ih", "hh") for n in range(layers)]
    weights: Layout = {f"{name}.weight_{end}": (4 * width, width) for end in ends}
    return weights | {f"{name}.bias_{end}": (4 * width,) for end in ends}


def _conv(name: str, to: int, of: int, kernel: int) -> Layout:
    return {f"{name}.weight": (to, of, kernel), f"{name}.bias": (to,)}


def _norm(name: str, width: int) -> Layout:
    return {f"{name}.weight": (width,), f"{name}.bias": (width,)}
