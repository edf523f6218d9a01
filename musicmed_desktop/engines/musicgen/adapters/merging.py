"""A model's weights with an adapter in them, each computed when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from torch import Tensor

from musicmed_desktop.engines.musicgen.adapters.description import Adapter, Change
from musicmed_desktop.engines.musicgen.checkpoint import Checkpoint, Tensors
from musicmed_desktop.errors import UserError


def adapted(checkpoint: Checkpoint, adapter: Adapter, strength: float) -> Checkpoint:
    """The `checkpoint` with `adapter` merged into its music and its text encoder; see `merged`."""
    text = replace(checkpoint.text, tensors=_with(checkpoint.text.tensors, adapter.text, adapter, strength))
    return replace(checkpoint, tensors=merged(checkpoint.tensors, adapter, strength), text=text)


def merged(tensors: Tensors, adapter: Adapter, strength: float) -> Tensors:
    """`tensors` of a checkpoint, as it was published, with what `adapter` changes in its music.

    `strength` in [0, 1] is how much of the change is made: W + strength * alpha / r * B @ A, in the type of W; at 0
    these are `tensors` themselves. Raises UserError where the adapter does not fit, ValueError for another strength.
    """
    return _with(tensors, adapter.music, adapter, strength)


@dataclass(frozen=True, eq=False)
class _Merged(Mapping[str, Tensor]):
    base: Tensors
    changes: Mapping[str, Change]
    adapter: Adapter
    strength: float

    def __getitem__(self, name: str) -> Tensor:
        tensor, change = self.base[name], self.changes.get(name)
        if change is None:
            return tensor
        if tensor.shape != change.shape:
            sizes = f"{_times(change.shape)} there and {_times(tensor.shape)} in the model"
            raise _misfit(self.adapter, f"{name} is {sizes}")
        return change.applied(tensor, self.strength)

    def __iter__(self) -> Iterator[str]:
        return iter(self.base)

    def __len__(self) -> int:
        return len(self.base)

    def __contains__(self, name: object) -> bool:
        return name in self.base  # without computing it


def _with(tensors: Tensors, changes: Mapping[str, Change], adapter: Adapter, strength: float) -> Tensors:
    if not 0 <= strength <= 1:
        raise ValueError(f"a strength of {strength}; it goes from 0 to 1")
    mix = _Merged(tensors, changes, adapter, strength)
    # Sizes come first: a larger model has more layers, too, and its size tells more. One weight of each kind is enough
    # to find out early; the others are looked at when they are read.
    for name in {re.sub(r"\.\d+\.", ".", name): name for name in changes if name in tensors}.values():
        mix[name]
    foreign = sorted(set(changes) - set(tensors))
    if foreign:
        raise _misfit(adapter, f"the model has no {foreign[0]}", ", ".join(foreign))
    return mix if changes and strength else tensors


def _misfit(adapter: Adapter, why: str, detail: str = "") -> UserError:
    made_for = f"It was made for {adapter.base}. " if adapter.base else ""
    return UserError(
        f"The adapter {adapter.name} does not fit this model: {why}.",
        f"{made_for}Choose an adapter that was made for this model.",
        detail,
    )


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))
