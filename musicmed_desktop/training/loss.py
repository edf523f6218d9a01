"""What is learnt: the next token of each codebook, in the delay pattern (Copet et al. 2023, section 2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from musicmed_desktop.engines.musicgen.pattern import delayed
from musicmed_desktop.engines.musicgen.shapes import DecoderShape
from musicmed_desktop.training.text import Captions


def columns(codes: Sequence[Tensor], shape: DecoderShape) -> Tensor:
    """The codes [K, T] of each example as the decoder sees them: [B, K, T + K]."""
    return torch.stack([delayed(each, each.shape[1], shape) for each in codes])


def losses(model: nn.Module, captions: Captions, delayed_codes: Tensor, empty: int) -> Tensor:
    """The mean cross-entropy of each example, nats a token: [B].

    `delayed_codes` [B, K, L] are `columns`; where they hold `empty` there is nothing to learn. It is the loss that
    transformers computes for `labels`, for each example alone.
    """
    inputs, wanted = delayed_codes[..., :-1], delayed_codes[..., 1:]
    output: Any = model(
        encoder_outputs=(captions.states,),
        attention_mask=captions.mask,
        decoder_input_ids=inputs.flatten(0, 1),  # [B * K, L]
        use_cache=False,
    )
    logits = output.logits.unflatten(0, wanted.shape[:2])  # [B, K, L, codes]
    each = cross_entropy(logits.movedim(-1, 1).float(), wanted.where(wanted != empty, -100), reduction="none")
    return each.sum(dim=(1, 2)) / (wanted != empty).sum(dim=(1, 2))
