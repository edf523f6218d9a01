"""What an adapter holds, whichever program wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class LowRank:
    """Adds `scale` * `up` @ `down` to a weight [rows, columns]."""

    up: Tensor  # [rows, r]
    down: Tensor  # [r, columns]
    scale: float

    @property
    def shape(self) -> tuple[int, ...]:
        return self.up.shape[0], self.down.shape[1]

    def applied(self, weight: Tensor, strength: float) -> Tensor:
        """The changed weight, summed in float32, in the type of `weight`."""
        total = torch.addmm(weight.float(), self.up.float(), self.down.float(), alpha=strength * self.scale)
        return total.to(weight.dtype)


@dataclass(frozen=True, eq=False)
class Whole:
    """Takes the place of a weight or bias that was trained as a whole (peft's `modules_to_save`)."""

    tensor: Tensor

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.tensor.shape)

    def applied(self, weight: Tensor, strength: float) -> Tensor:
        """On the straight line from `weight` to the trained one, in the type of `weight`."""
        return torch.lerp(weight.float(), self.tensor.float(), strength).to(weight.dtype)


Change = LowRank | Whole


@dataclass(frozen=True, eq=False)
class Adapter:
    """What was learnt on top of a model.

    `music` holds what changes by the names of `Checkpoint.tensors`, `text` the same by those of `TextSource.tensors`.
    `base` is the model that it was made for, as its maker wrote it; empty where nothing was written.
    """

    name: str
    folder: Path
    base: str
    music: Mapping[str, Change]
    text: Mapping[str, Change]
