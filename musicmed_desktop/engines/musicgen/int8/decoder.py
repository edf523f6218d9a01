"""The decoder behind the seam: it embeds columns and lets the graphs compute the rest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from musicmed_desktop.engines.musicgen.checkpoint import Tensors
from musicmed_desktop.engines.musicgen.decoder import sinusoid
from musicmed_desktop.engines.musicgen.int8.graph import prompt_graph, step_graph
from musicmed_desktop.engines.musicgen.int8.run import Floats, Memory, Run
from musicmed_desktop.engines.musicgen.shapes import POSITIONS, DecoderShape


class OnnxDecoder:
    """See seam.Decoder. Computes on the CPU with `threads` threads; by default, as many as torch: one for each core."""

    def __init__(self, shape: DecoderShape, tensors: Tensors, threads: int | None = None) -> None:
        self.shape = shape
        names = [f"decoder.model.decoder.embed_tokens.{k}.weight" for k in range(shape.codebooks)]
        self._tables = torch.stack([tensors[name].float() for name in names])  # [K, V + 1, d]
        self._positions = sinusoid(POSITIONS, shape.hidden)  # [P, d]
        threads = threads or torch.get_num_threads()
        self._prompts = prompt_graph(shape, tensors).session(threads)
        self._steps = step_graph(shape, tensors).session(threads)
        self._memory = Memory.empty(shape, rows=0, longest=0)
        self._read = 0

    def begin(self, prompts: Sequence[torch.Tensor]) -> None:
        """See seam.Decoder."""
        self._read = 0
        self._memory = Memory.empty(self.shape, 1 + len(prompts), max(len(states) for states in prompts))
        for row, states in enumerate(prompts, start=1):
            (kept,) = self._prompts.run(None, {"states": states.numpy()})  # [L, layers * 2 * d]
            kept = kept.reshape(len(states), self.shape.layers, 2, self.shape.heads, self.shape.head_dim)
            self._memory.prompt[:, :, row, :, : len(states)] = kept.transpose(1, 2, 3, 0, 4)
            self._memory.heard[row, len(states) :] = 0
        self._step = Run(self._steps, self.shape, self._memory, columns=1)

    def advance(self, columns: torch.Tensor) -> torch.Tensor:
        """See seam.Decoder. ValueError beyond POSITIONS columns."""
        end = self._read + columns.shape[1]
        if end > POSITIONS:
            raise ValueError(f"{end} columns; there is room for {POSITIONS}")
        x = self._embed(columns, end)  # [S, d]
        logits = self._step(x, end) if len(x) == 1 else self._advance_by_row(x, end)
        self._read = end
        return torch.from_numpy(logits).view(-1, self.shape.codebooks, self.shape.codebook_size).clone()

    def settle(self) -> None:
        """See seam.Decoder."""
        if len(self._memory.heard) > 2:
            self._memory = self._memory.rows(0, 2)
            self._step = Run(self._steps, self.shape, self._memory, columns=1)

    def _embed(self, columns: torch.Tensor, end: int) -> Floats:
        embedded = [table[tokens] for table, tokens in zip(self._tables, columns, strict=True)]
        x: Floats = (sum(embedded) + self._positions[self._read : end]).numpy()
        return x

    def _advance_by_row(self, x: Floats, end: int) -> Floats:
        """Several columns: ONNX Runtime's attention reads them behind others for one row only. It costs no time, since
        the work is then in the columns, not in fetching the weights."""
        rows = (self._memory.rows(row, row + 1) for row in range(len(self._memory.heard)))
        return np.concatenate([Run(self._steps, self.shape, row, len(x))(x, end) for row in rows])
