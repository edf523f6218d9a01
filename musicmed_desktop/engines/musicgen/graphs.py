"""CUDA graphs: what is computed at every step, recorded once and then launched as a whole.

An eager step is bound by launching some hundred small kernels; the graph launches them at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from torch.cuda import _POOL_HANDLE

Forward = Callable[[Tensor, Tensor, int, int], Tensor]  # columns, index, rows, reach


def graphed(forward: Forward) -> Forward:
    """The same function, with a graph for each number of rows and each reach, made when it is first needed.

    Single columns go through graphs; several at once, as at the start of a clip, are computed as they come. What
    `forward` reads beside its arguments has to stay where it is in memory.
    """
    steps: dict[tuple[int, int], _Step] = {}
    pool = torch.cuda.graph_pool_handle()  # one for all graphs: only one of them runs at a time

    def launch(columns: Tensor, index: Tensor, rows: int, reach: int) -> Tensor:
        if columns.shape[1] > 1:
            return forward(columns, index, rows, reach)
        if (rows, reach) not in steps:
            steps[rows, reach] = _Step(forward, columns, index, rows, reach, pool)
        return steps[rows, reach](columns, index)

    return launch


class _Step:
    """One recorded step, with the places from which it reads."""

    def __init__(
        self, forward: Forward, columns: Tensor, index: Tensor, rows: int, reach: int, pool: _POOL_HANDLE
    ) -> None:
        self._columns, self._index = columns.clone(), index.clone()
        forward(columns, index, rows, reach)  # at their first call libraries set themselves up: not to be recorded
        self._graph = torch.cuda.CUDAGraph()
        # What other threads do with CUDA meanwhile must not spoil the recording.
        with torch.cuda.graph(self._graph, pool, capture_error_mode="thread_local"):
            self._logits = forward(self._columns, self._index, rows, reach)

    def __call__(self, columns: Tensor, index: Tensor) -> Tensor:
        self._columns.copy_(columns)
        self._index.copy_(index)
        self._graph.replay()
        return self._logits.clone()  # the next launch overwrites it
