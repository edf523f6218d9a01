"""MusicGen's decoder as ONNX graphs: one for a step, one for what a prompt leaves in the cross-attention.

Pre-norm layers of self-attention, cross-attention and an MLP (Copet et al. 2023; names of the weights as in
transformers). R rows read S columns each; the first row has no prompt, the C = R - 1 others have one of length L.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from musicmed_desktop.engines.musicgen.checkpoint.description import Tensors
from musicmed_desktop.engines.musicgen.int8.builder import MICROSOFT, GraphBuilder
from musicmed_desktop.engines.musicgen.shapes import POSITIONS, DecoderShape

_MODEL = "decoder.model.decoder"


@dataclass(frozen=True)
class _Layer:
    """Where one layer's weights lie, and what it keeps between runs."""

    index: int
    shape: DecoderShape
    tensors: Tensors

    def weight(self, *parts: str) -> torch.Tensor:
        """The weights of `parts`, which read the same input, as one matrix."""
        return torch.cat([self.tensors[f"{_MODEL}.layers.{self.index}.{part}.weight"] for part in parts])

    def bias(self, part: str) -> torch.Tensor:
        return self.tensors[f"{_MODEL}.layers.{self.index}.{part}.bias"]
