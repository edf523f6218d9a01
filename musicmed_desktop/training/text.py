"""Captions as the decoder hears them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from musicmed_desktop.engines.musicgen.text import MAX_TOKENS

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@dataclass(frozen=True, eq=False)
class Captions:
    """States [B, L, d] of a batch of captions, and the mask [B, L] of those that count: none of a dropped caption."""

    states: Tensor
    mask: Tensor


@torch.no_grad()
def encode(captions: Sequence[str | None], tokenizer: Tokenizer, encoder: nn.Module, device: torch.device) -> Captions:
    """T5's states of `captions`; None stands for a caption that was dropped, as guidance needs it.

    Its mask is empty, so that MusicGen's cross-attention adds exactly nothing, as where it generates without a prompt.
    """
    tokenizer.enable_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    encoded = tokenizer.encode_batch([caption or "" for caption in captions])
    tokens = torch.tensor([each.ids for each in encoded], device=device)
    mask = torch.tensor([each.attention_mask for each in encoded], device=device)
    output: Any = encoder(input_ids=tokens, attention_mask=mask)
    kept = torch.tensor([[caption is not None] for caption in captions], device=device)
    return Captions(output.last_hidden_state, mask * kept)
