"""Weights of 8 bits: blocks of a row share a scale, symmetric about zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from musicmed_desktop.engines.musicgen.shapes import DecoderShape

SMALLEST_BLOCK, LARGEST_BLOCK = 16, 128  # of those that the kernel takes
ZERO = 128  # the code of 0.0 in the kernel's unsigned bytes
TINY = torch.finfo(torch.float32).tiny  # keeps a block of zeros from dividing by zero
HIGHEST = 127  # codes reach from ZERO - HIGHEST to ZERO + HIGHEST


@dataclass(frozen=True, eq=False)
class Quantized:
    """A matrix [rows, width] as ONNX Runtime's MatMulNBits reads it: weight = (code - 128) * scale.

    `codes` are [rows, blocks, block] uint8, `scales` [rows, blocks] float32.
    """

    codes: npt.NDArray[np.uint8]
    scales: npt.NDArray[np.float32]

    @property
    def block(self) -> int:
        return int(self.codes.shape[2])


def can_quantize(shape: DecoderShape) -> bool:
    """Whether all rows of such a decoder divide into blocks that the kernel takes."""
    return all(width % SMALLEST_BLOCK == 0 for width in (shape.hidden, shape.ffn))


def block_size(width: int) -> int:
    """The largest power of two up to 128 that divides `width`, which is a multiple of 16."""
    block = min(LARGEST_BLOCK, width & -width)
    if block < SMALLEST_BLOCK:
        raise ValueError(f"a width of {width} does not divide into blocks of {SMALLEST_BLOCK}")
    return block


def quantize(weight: torch.Tensor) -> Quantized:
    """`weight`: [rows, width], of any floating type. No weight moves by more than half a scale."""
    rows, width = weight.shape
    blocks = weight.float().reshape(rows, -1, block_size(width))
    scales = blocks.abs().amax(dim=2, keepdim=True) / HIGHEST  # [rows, blocks, 1]
    codes = (blocks / scales.clamp(min=TINY)).round_().add_(ZERO).to(torch.uint8)
    return Quantized(codes.numpy(), scales.squeeze(2).numpy())
