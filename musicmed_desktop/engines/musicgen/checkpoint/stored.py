"""Tensors that are still in their files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from musicmed_desktop.engines.musicgen.checkpoint.complaints import damaged

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Stored:
    """A tensor in `file`, its shape known from the header; `read` fetches it, and may return a view of the file."""

    file: Path
    shape: Shape
    floating: bool
    read: Callable[[], torch.Tensor]

    def rows(self, start: int, stop: int) -> Stored:
        """A part of a matrix."""
        return Stored(self.file, (stop - start, *self.shape[1:]), self.floating, lambda: self.read()[start:stop])


class StoredTensors(Mapping[str, torch.Tensor]):
    """The tensors by name, each read anew into memory of its own when it is asked for. Raises UserError where a file
    has vanished or changed in the meantime."""

    def __init__(self, stored: Mapping[str, Stored]) -> None:
        self._stored = dict(stored)

    @property
    def files(self) -> set[Path]:
        return {stored.file for stored in self._stored.values()}

    @property
    def shapes(self) -> dict[str, Shape]:
        return {name: stored.shape for name, stored in self._stored.items()}

    def __getitem__(self, name: str) -> torch.Tensor:
        stored = self._stored[name]
        tensor = stored.read()
        if tensor.shape != stored.shape or not tensor.is_floating_point():
            raise damaged(stored.file, f"{name} has changed")
        return tensor.detach().clone(memory_format=torch.contiguous_format)

    def __contains__(self, name: object) -> bool:
        return name in self._stored

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)


def files_of(tensors: Mapping[str, torch.Tensor]) -> set[Path]:
    """The files that `tensors` lie in; none where they lie in memory."""
    return tensors.files if isinstance(tensors, StoredTensors) else set()


def shapes_of(tensors: Mapping[str, torch.Tensor]) -> dict[str, Shape]:
    """The shapes of `tensors`, without reading them where they are stored."""
    if isinstance(tensors, StoredTensors):
        return tensors.shapes
    return {name: tuple(tensor.shape) for name, tensor in tensors.items()}


# Weight norm (Salimans & Kingma 2016, arXiv 1602.07868), length g and direction v, in torch's older and newer names.
_NORMED = ((".weight_g", ".weight_v"), (".parametrizations.weight.original0", ".parametrizations.weight.original1"))


def without_weight_norm(stored: Mapping[str, Stored]) -> dict[str, Stored]:
    """The same with plain weights."""
    plain = dict(stored)
    for g, v in _NORMED:
        for name in [name.removesuffix(g) for name in stored if name.endswith(g)]:
            if name + v in plain:
                plain[name + ".weight"] = _folded(plain.pop(name + g), plain.pop(name + v))
    return plain


def _folded(g: Stored, v: Stored) -> Stored:
    if g.shape != (v.shape[:1] + (1,) * (len(v.shape) - 1)):
        raise damaged(g.file, f"weight norm has lengths {g.shape} for directions {v.shape}")

    def read() -> torch.Tensor:
        direction = v.read()
        norm = direction.float().norm(dim=tuple(range(1, direction.dim())), keepdim=True)
        weight: torch.Tensor = direction.float() * (g.read().float() / norm)
        return weight.to(direction.dtype)

    return Stored(v.file, v.shape, g.floating and v.floating, read)
