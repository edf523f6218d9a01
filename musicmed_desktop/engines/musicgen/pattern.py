"""The delay pattern: codebook k is written k steps after the first one (Copet et al. 2023, section 2.2)."""

from __future__ import annotations

import torch

from musicmed_desktop.engines.musicgen.shapes import DecoderShape

UNWRITTEN = -1


def delayed(codes: torch.Tensor, frames: int, shape: DecoderShape) -> torch.Tensor:
    """The columns for `frames` frames of music, of which the first `codes` [K, P] are known: [K, frames + K].

    Column t holds code t - 1 - k of codebook k: the empty token where there is no such code, UNWRITTEN where it is
    still to be written.
    """
    known = codes.shape[1]
    columns = torch.full((shape.codebooks, frames + shape.codebooks), shape.empty, dtype=torch.int64)
    for k, row in enumerate(columns):
        row[1 + k : 1 + k + known] = codes[k]
        row[1 + k + known : 1 + k + frames] = UNWRITTEN
    return columns


def straight(columns: torch.Tensor, start: int, end: int) -> torch.Tensor:
    """The codes of the frames from `start` to `end` that stand in `columns`: [K, end - start]."""
    return torch.stack([row[1 + k + start : 1 + k + end] for k, row in enumerate(columns)])
