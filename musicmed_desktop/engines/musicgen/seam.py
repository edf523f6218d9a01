"""The seam between writing music and the hardware that computes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch

from musicmed_desktop.engines.musicgen.shapes import DecoderShape


class Decoder(Protocol):
    """A decoder with a cache of what it has read. Used by one thread at a time.

    Its batch has the rows: without a prompt, with the arriving prompt, and, while the music changes from one prompt to
    another, with the leaving prompt. All rows read the same tokens.
    """

    @property
    def shape(self) -> DecoderShape: ...

    def begin(self, prompts: Sequence[torch.Tensor]) -> None:
        """Forget everything. `prompts` are the text encoder's states, each [L, text_hidden] float32 on the CPU: of the
        arriving prompt and, where there is one, of the leaving prompt."""
        ...

    def advance(self, columns: torch.Tensor) -> torch.Tensor:
        """Read `columns` [K, S] (int64 tokens, S at least 1) behind those that were read.

        Returns the logits of what follows the last one, [rows, K, codebook_size] float32, on the decoder's device.
        """
        ...

    def settle(self) -> None:
        """Forget the leaving prompt: one row fewer from now on. Without one, nothing happens."""
        ...
