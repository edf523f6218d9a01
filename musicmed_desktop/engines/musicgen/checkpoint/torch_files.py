"""Tensors in files of torch.save; no program in them is run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from musicmed_desktop.engines.musicgen.checkpoint.complaints import damaged, missing
from musicmed_desktop.engines.musicgen.checkpoint.stored import Shape, Stored


def torch_package(file: Path) -> dict[str, Any]:
    """What the file holds: words, numbers, and tensors, which stay on the disk until they are used."""
    try:
        package = torch.load(file, map_location="cpu", weights_only=True, mmap=True)
    except FileNotFoundError as error:
        raise missing(file) from error
    except Exception as error:  # a file that is something else can fail in any way
        raise damaged(file, str(error)) from error
    if not isinstance(package, dict):
        raise damaged(file, f"it holds a {type(package).__name__}")
    return package


def torch_header(file: Path) -> dict[str, Any]:
    """The same, but of the tensors only shape, type and place in the file.

    After the PyTorch tutorial "Accelerating torch.save and torch.load with GPUDirect Storage": fake tensors remember
    their offset.
    """
    from torch._subclasses.fake_tensor import FakeTensorMode

    with FakeTensorMode():
        return torch_package(file)


def torch_tensors(file: Path, header: Mapping[str, Any], key: str) -> dict[str, Stored]:
    """The tensors in `header[key]`, a `header` that was read from `file`."""
    tensors = header.get(key)
    if not isinstance(tensors, dict):
        raise damaged(file, f"{key} is no dictionary")
    content, stored = _Content.of(file), {}
    for name, tensor in tensors.items():
        if not isinstance(tensor, torch.Tensor) or tensor.layout is not torch.strided:
            raise damaged(file, f"{name!r:.80} in {key} is no tensor, or none of the plain kind")
        place = _Place.of(tensor, content)
        stored[str(name)] = Stored(file, tuple(tensor.shape), tensor.is_floating_point(), place.read)
    return stored


@dataclass(frozen=True)
class _Content:
    """A file as it is now."""

    file: Path
    size: int
    changed: int

    @classmethod
    def of(cls, file: Path) -> _Content:
        try:
            status = file.stat()
        except OSError as error:
            raise missing(file) from error
        return cls(file, status.st_size, status.st_mtime_ns)


@dataclass(frozen=True)
class _Place:
    """Where in a file a tensor begins, in bytes, and how its numbers lie."""

    content: _Content
    start: int
    dtype: torch.dtype
    shape: Shape
    stride: Shape

    @classmethod
    def of(cls, tensor: torch.Tensor, content: _Content) -> _Place:
        offset = tensor.untyped_storage()._checkpoint_offset
        start = -1 if offset is None else offset + int(tensor.storage_offset()) * tensor.element_size()
        place = cls(content, start, tensor.dtype, tuple(tensor.shape), tuple(tensor.stride()))
        if start < 0 or start + place.size > content.size:
            raise damaged(content.file, "a tensor lies beyond its end")
        return place

    @property
    def size(self) -> int:
        """In bytes."""
        last = sum((count - 1) * step for count, step in zip(self.shape, self.stride, strict=True))
        return (last + 1) * self.dtype.itemsize

    def read(self) -> torch.Tensor:
        file = self.content.file
        if _Content.of(file) != self.content:
            raise damaged(file, "it has changed since it was opened")
        numbers = bytearray(self.size)
        try:
            with file.open("rb") as opened:
                opened.seek(self.start)
                opened.readinto(numbers)
        except OSError as error:
            raise damaged(file, str(error)) from error
        return torch.frombuffer(numbers, dtype=self.dtype).as_strided(self.shape, self.stride)
