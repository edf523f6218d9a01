"""What the decoder keeps between steps, and runs of the step's graph that read and write it where it lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from musicmed_desktop.engines.musicgen.shapes import POSITIONS, DecoderShape

if TYPE_CHECKING:
    from onnxruntime import InferenceSession, IOBinding

Floats = npt.NDArray[np.float32]
PARTS = ("keys", "values")


@dataclass(frozen=True, eq=False)
class Memory:
    """What R rows know: of the columns they have read, and of their prompts, the longest of which has the length L."""

    past: Floats  # [layers, keys and values, R, H, POSITIONS, d/H]; zeros until written
    prompt: Floats  # [layers, keys and values, R, H, L, d/H]; zeros where there is none
    heard: npt.NDArray[np.int32]  # [R, L]; 1 where the prompt counts

    @staticmethod
    def empty(shape: DecoderShape, rows: int, longest: int) -> Memory:
        layers, width = (shape.layers, len(PARTS), rows, shape.heads), shape.head_dim
        past = np.zeros((*layers, POSITIONS, width), np.float32)
        prompt = np.zeros((*layers, longest, width), np.float32)
        return Memory(past, prompt, np.ones((rows, longest), np.int32))

    def rows(self, start: int, end: int) -> Memory:
        """The same memory, as far as it belongs to some of the rows."""
        return Memory(self.past[:, :, start:end], self.prompt[:, :, start:end], self.heard[start:end])


class Run:
    """Runs in which the rows of `memory` read `columns` columns each."""

    def __init__(self, session: InferenceSession, shape: DecoderShape, memory: Memory, columns: int) -> None:
        self._session = session
        self._memory = memory
        rows = len(memory.heard)
        self._x = np.empty((rows, columns, shape.hidden), np.float32)
        self._last = np.empty(rows, np.int32)
        self._total = np.empty(1, np.int32)
        self._logits = np.empty((rows, 1, shape.codebooks * shape.codebook_size), np.float32)
        self._binding = self._bind()

    def __call__(self, x: Floats, total: int) -> Floats:
        """`x`: [S, d], the embedded columns, the same for all rows; `total`: columns read, these among them.

        Returns the logits of what follows, [R, 1, K * V], in a place that the next call overwrites.
        """
        self._x[:] = x
        self._last[:] = total - 1
        self._total[:] = total
        self._session.run_with_iobinding(self._binding)
        return self._logits

    def _bind(self) -> IOBinding:
        binding, memory = self._session.io_binding(), self._memory
        for name, array in (("x", self._x), ("last", self._last), ("total", self._total), ("heard", memory.heard)):
            binding.bind_input(name, *_place(array))
        for layer in range(len(memory.past)):
            for part, past, prompt in zip(PARTS, memory.past[layer], memory.prompt[layer], strict=True):
                binding.bind_input(f"past_{part}_{layer}", *_place(past))
                binding.bind_output(f"present_{part}_{layer}", *_place(past))
                binding.bind_input(f"prompt_{part}_{layer}", *_place(prompt))
        binding.bind_output("logits", *_place(self._logits))
        return binding


def _place(array: npt.NDArray[Any]) -> tuple[str, int, np.dtype[Any], tuple[int, ...], int]:
    """What a binding wants to know: device, its number, type, shape, address."""
    assert array.flags.c_contiguous
    return "cpu", 0, array.dtype, array.shape, array.ctypes.data
