"""A moving average of the adapter, which generalizes better than its last state (Polyak and Juditsky 1992)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class MovingAverage:
    """The exponential moving average of `weights`, with `decay` below 1; with 0 it is the weights themselves."""

    def __init__(self, weights: Mapping[str, nn.Parameter], decay: float) -> None:
        self._weights, self._decay = weights, decay
        self._average = {name: weight.detach().clone() for name, weight in weights.items()}

    @torch.no_grad()
    def update(self) -> None:
        for name, weight in self._weights.items():
            self._average[name].lerp_(weight, 1.0 - self._decay)

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Inside, the model's weights are the average."""
        kept = {name: weight.detach().clone() for name, weight in self._weights.items()}
        self._put(self._average)
        try:
            yield
        finally:
            self._put(kept)

    def state(self) -> dict[str, Tensor]:
        return self._average

    def restore(self, state: Mapping[str, Tensor]) -> None:
        for name, average in self._average.items():
            average.copy_(state[name])

    @torch.no_grad()
    def _put(self, values: Mapping[str, Tensor]) -> None:
        for name, weight in self._weights.items():
            weight.copy_(values[name])
