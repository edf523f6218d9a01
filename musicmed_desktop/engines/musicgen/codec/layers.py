"""The layers of EnCodec's decoder, each fed with the signal in pieces."""

from __future__ import annotations

from typing import Protocol

import torch
from torch.nn.functional import elu, elu_

from musicmed_desktop.engines.musicgen.codec.convolution import Convolution, Edges, Kernel, joined


class Layer(Protocol):
    """A layer in the middle of a signal: it carries what it must remember from one piece to the next."""

    def feed(self, x: torch.Tensor, last: bool, /) -> torch.Tensor:
        """x: [n, in], n at least 0, the signal's next rows -> [m, out], what can be known by now.

        With the `last` piece all that is left. A signal has at least one row.
        """
        ...


class LocalLayer(Layer, Protocol):
    """A layer of which each output depends on few inputs."""

    def context(self, rows: int) -> int:
        """How many rows of the input left of a moment bear on the output from `rows` rows before that moment on."""
        ...


class ELU:
    def feed(self, x: torch.Tensor, _last: bool, /) -> torch.Tensor:
        return elu(x)

    def context(self, rows: int) -> int:
        return rows


class LSTM:
    """The LSTM, with its input added to its output. It reaches back to the signal's beginning."""

    def __init__(self, lstm: torch.nn.LSTM) -> None:
        self._lstm = lstm
        self._state: tuple[torch.Tensor, torch.Tensor] | None = None

    def feed(self, x: torch.Tensor, _last: bool, /) -> torch.Tensor:
        if not len(x):
            return x
        y: torch.Tensor
        y, self._state = self._lstm(x, self._state)
        return x + y


class Upsampling:
    """A transposed convolution with a kernel of twice its stride, of whose surplus the ends are cut off.

    Each output hears two inputs. So it is a convolution with two taps whose rows hold `stride` outputs each.
    """

    def __init__(self, kernel: Kernel, stride: int) -> None:
        self._convolution = Convolution(kernel, Edges(1, 1, "constant"))
        self._stride = stride
        self._cut_right = stride // 2
        self._cut_left = stride - self._cut_right
        self._surplus = self._cut_left  # what is yet to be cut off

    def feed(self, x: torch.Tensor, last: bool) -> torch.Tensor:
        y = self._convolution.feed(x, last)  # [rows, stride * out]
        if not len(y):
            return y.view(0, y.shape[1] // self._stride)
        y = y.view(len(y) * self._stride, -1)[self._surplus :]
        self._surplus = 0
        return y[: len(y) - self._cut_right] if last else y

    def context(self, rows: int) -> int:
        # Input i is heard in the outputs from i * stride - cut_left up to 2 * stride - 1 behind.
        return (rows - self._cut_left + 2 * self._stride - 1) // self._stride


class Residual:
    """Two convolutions, the second pointwise, each behind an ELU; added to their input, which may pass a third."""

    def __init__(self, wide: Kernel, edges: Edges, narrow: Kernel, shortcut: Kernel | None) -> None:
        self._wide = Convolution(wide, edges)
        self._narrow = narrow
        self._shortcut = shortcut
        self._held: torch.Tensor | None = None  # inputs that wait for their counterpart

    def feed(self, x: torch.Tensor, last: bool) -> torch.Tensor:
        waiting = joined(self._held, x)
        y = self._narrow(elu_(self._wide.feed(elu(x), last)))
        direct, self._held = waiting[: len(y)], waiting[len(y) :].clone()
        return y.add_(direct if self._shortcut is None else self._shortcut(direct))

    def context(self, rows: int) -> int:
        return self._wide.context(rows)
