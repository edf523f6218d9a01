"""A model's tensors that tell what was asked of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from torch import Tensor


class Counted(Mapping[str, Tensor]):
    """Counts how often each tensor is read."""

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        self.tensors, self.reads = tensors, list[str]()

    def __getitem__(self, name: str) -> Tensor:
        self.reads.append(name)
        return self.tensors[name]

    def __contains__(self, name: object) -> bool:
        return name in self.tensors

    def __iter__(self) -> Iterator[str]:
        return iter(self.tensors)

    def __len__(self) -> int:
        return len(self.tensors)
