"""Places for MusicGen that run out of memory when a test says so, around decoders that are real."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
import torch

from musicmed_desktop.engines.musicgen import writer
from musicmed_desktop.engines.musicgen.checkpoint import Tensors
from musicmed_desktop.engines.musicgen.placement import Placement
from musicmed_desktop.engines.musicgen.seam import Decoder
from musicmed_desktop.engines.musicgen.shapes import DecoderShape

ROOMY = Placement("cpu", "float32", "MusicGen computes at home.")
NARROW = Placement("cpu", "bfloat16", "MusicGen computes in a narrow place.")


class Watched:
    """A decoder that tells of each step before it is made."""

    def __init__(self, decoder: Decoder, stepped: Callable[[], object]) -> None:
        self._decoder = decoder
        self._stepped = stepped

    @property
    def shape(self) -> DecoderShape:
        return self._decoder.shape

    def begin(self, prompts: Sequence[torch.Tensor]) -> None:
        self._decoder.begin(prompts)

    def advance(self, columns: torch.Tensor) -> torch.Tensor:
        self._stepped()
        return self._decoder.advance(columns)

    def settle(self) -> None:
        self._decoder.settle()


class Steps:
    """Counts the steps of all decoders that are opened. In a narrow place memory runs out at the step `room`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
        self.made = 0
        self._room = room
        self._open = writer.open_decoder
        monkeypatch.setattr(writer, "open_decoder", self._opened)

    def _opened(self, shape: DecoderShape, tensors: Tensors, place: Placement) -> Decoder:
        narrow = place.dtype == NARROW.dtype

        def stepped() -> None:
            self.made += 1
            if narrow and self.made >= self._room:
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 MiB.")

        return Watched(self._open(shape, tensors, place), stepped)


def single_thread() -> Iterator[None]:
    """For a fixture: several threads wait for each other longer than a tiny model computes."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
