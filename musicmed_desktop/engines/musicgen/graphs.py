"""CUDA graphs: what is computed at every step, recorded once and then launched as a whole.

An eager step is bound by launching some hundred small kernels; the graph launches them at once.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Forward = Callable[[Tensor, Tensor, int, int], Tensor]  # columns, index, rows, reach


def graphed(forward: Forward) -> Forward:
    """The same function, with a graph for each number of rows and each reach, made when it is first needed.

    Single columns go through graphs; several at once, as at the start of a clip, are computed as they come. What
    `forward` reads beside its arguments has to stay where it is in memory.
    """
    steps: dict[tuple[int, int], _Step] = {}

    def launch(columns: Tensor, index: Tensor, rows: int, reach: int) -> Tensor:
        if columns.shape[1] > 1:
            return forward(columns, index, rows, reach)
        if (rows, reach) not in steps:
            steps[rows, reach] = _Step(forward, columns, index, rows, reach)
        return steps[rows, reach](columns, index)

    return launch


class _Step:
    """One recorded step, with the places from which it reads."""

    def __init__(self, forward: Forward, columns: Tensor, index: Tensor, rows: int, reach: int) -> None:
        self._columns, self._index = columns.clone(), index.clone()
        aside = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):  # libraries set themselves up at their first call, which cannot be recorded
            forward(self._columns, self._index, rows, reach)
        torch.cuda.current_stream().wait_stream(aside)
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph):
            self._logits = forward(self._columns, self._index, rows, reach)

    def __call__(self, columns: Tensor, index: Tensor) -> Tensor:
        self._columns.copy_(columns)
        self._index.copy_(index)
        self._graph.replay()
        return self._logits
