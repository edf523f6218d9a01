"""Convolution over a signal that arrives in pieces. A signal is a matrix with a row per moment: [T, channels]."""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass(frozen=True, eq=False)
class Kernel:
    """A convolution as a sum of shifted matrix products: y[t] = bias + sum over j of x[t + j * dilation] @ taps[j].

    So it runs at the speed of the machine's matrix product everywhere, its transposed form too.
    """

    taps: torch.Tensor  # [taps, in, out]
    bias: torch.Tensor  # [out]
    dilation: int = 1

    @property
    def reach(self) -> int:
        """How many rows of its input behind the first one an output needs."""
        return (len(self.taps) - 1) * self.dilation

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """x: [n + reach, in], n at least 0 -> [n, out]."""
        n = len(x) - self.reach
        y = torch.addmm(self.bias, x[:n], self.taps[0])
        for j in range(1, len(self.taps)):
            y.addmm_(x[j * self.dilation :][:n], self.taps[j])
        return y


@dataclass(frozen=True)
class Edges:
    """How many rows are made up before the signal's beginning and behind its end; "reflect" or "constant" (zeros)."""

    left: int
    right: int
    mode: str

    @classmethod
    def same(cls, reach: int, mode: str) -> Edges:
        """Those with which a convolution keeps the signal's length; the odd row goes to the left, as in EnCodec."""
        return cls(reach - reach // 2, reach // 2, mode)

    @property
    def least(self) -> int:
        """The rows from which the left edge can be made up."""
        return self.left + 1 if self.mode == "reflect" else 1

    def pad(self, x: torch.Tensor, begins: bool, ends: bool) -> torch.Tensor:
        """x: [n, channels], the signal's beginning, its end, both or neither -> [left + n + right, channels]."""
        left, right = self.left * begins, self.right * ends
        if not left and not right:
            return x
        if self.mode == "constant":
            return torch.cat([x.new_zeros(left, x.shape[1]), x, x.new_zeros(right, x.shape[1])])
        # Too short a signal is reflected as if zeros followed it, as in EnCodec.
        lacking = max(0, max(left, right) + 1 - len(x))
        x = torch.cat([x, x.new_zeros(lacking, x.shape[1])])
        padded = torch.cat([x[1 : left + 1].flip(0), x, x[len(x) - 1 - right : len(x) - 1].flip(0)])
        return padded[: len(padded) - lacking]


class Convolution:
    """Returns each output with the first piece that lets it be known, and keeps the rows that later outputs need."""

    def __init__(self, kernel: Kernel, edges: Edges) -> None:
        self._kernel = kernel
        self._edges = edges
        self._held: torch.Tensor | None = None
        self._begun = False

    def feed(self, x: torch.Tensor, last: bool) -> torch.Tensor:
        x = joined(self._held, x)
        if self._begun or last or len(x) >= self._edges.least:
            x = self._edges.pad(x, begins=not self._begun, ends=last)
            self._begun = True
        known = len(x) - self._kernel.reach if self._begun else 0
        if known <= 0:
            self._held = x
            return x.new_empty(0, len(self._kernel.bias))
        self._held = x[known:].clone()  # a view would keep all of x
        return self._kernel(x)

    def context(self, rows: int) -> int:
        return rows + self._edges.left


def joined(held: torch.Tensor | None, x: torch.Tensor) -> torch.Tensor:
    return x if held is None or not len(held) else torch.cat([held, x])
