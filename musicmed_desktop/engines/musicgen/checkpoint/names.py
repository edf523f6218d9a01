"""AudioCraft's names of tensors, and transformers' for the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from musicmed_desktop.engines.musicgen.checkpoint.complaints import damaged, unknown
from musicmed_desktop.engines.musicgen.checkpoint.stored import Stored

# Patterns, each replaced in turn. The two programs number the layers of decoder and codec alike.
AUDIOCRAFT_DECODER = (
    (r"^emb\.", "decoder.model.decoder.embed_tokens."),
    (r"^out_norm\.", "decoder.model.decoder.layer_norm."),
    (r"^linears\.", "decoder.lm_heads."),
    (r"^condition_provider\.conditioners\.description\.output_proj\.", "enc_to_dec_proj."),
    (r"^transformer\.layers\.", "decoder.model.decoder.layers."),
    (r"\.cross_attention\.", ".encoder_attn."),
    (r"\.mha\.", "."),  # where torch's own attention was used
    (r"\.linear([12])\.", r".fc\1."),
    (r"\.norm1\.", ".self_attn_layer_norm."),
    (r"\.norm_cross\.", ".encoder_attn_layer_norm."),
    (r"\.norm2\.", ".final_layer_norm."),
)
_CODEC = (
    (r"^(encoder|decoder)\.model\.", r"audio_encoder.\1.layers."),
    (r"^quantizer\.(vq\.)?", "audio_encoder.quantizer."),
    (r"\._codebook\.", ".codebook."),
    (r"\.conv(tr)?\.conv(tr)?\.", ".conv."),
)
_JOINED = ".in_proj_weight"


def decoder_names(stored: Mapping[str, Stored]) -> dict[str, Stored]:
    """The decoder's tensors; AudioCraft keeps an attention's three inner projections as one matrix, q over k over v."""
    renamed = _renamed(stored, AUDIOCRAFT_DECODER)
    for name in [name for name in renamed if name.endswith(_JOINED)]:
        joined = renamed.pop(name)
        rows = joined.shape[0] // 3
        if len(joined.shape) != 2 or joined.shape[0] != 3 * rows:
            raise damaged(joined.file, f"{name} is {joined.shape}")
        for place, part in enumerate("qkv"):
            renamed[f"{name.removesuffix(_JOINED)}.{part}_proj.weight"] = joined.rows(place * rows, (place + 1) * rows)
    for name, tensor in renamed.items():
        if not name.startswith(("decoder.", "enc_to_dec_proj.")):
            raise unknown(tensor.file, name)
    return renamed


def codec_names(stored: Mapping[str, Stored]) -> dict[str, Stored]:
    """The codec's tensors."""
    return _renamed(stored, _CODEC)


def _renamed(stored: Mapping[str, Stored], patterns: Iterable[tuple[str, str]]) -> dict[str, Stored]:
    renamed = {}
    for name, tensor in stored.items():
        for pattern, replacement in patterns:
            name = re.sub(pattern, replacement, name)
        renamed[name] = tensor
    return renamed
