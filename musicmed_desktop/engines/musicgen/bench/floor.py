"""The floor: no decoder can write a step in less time than its weights and its cache take to be read once.

Worker: `python -m musicmed_desktop.engines.musicgen.bench.floor ORDER`.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import torch

from musicmed_desktop.engines.musicgen.bench.order import Order, answer
from musicmed_desktop.engines.musicgen.bench.weights import weights
from musicmed_desktop.engines.musicgen.shapes import DecoderShape

_BYTES = {"float32": 4.0, "float16": 2.0, "bfloat16": 2.0, "int8": 1.0}
_INT8_BLOCK = 128  # weights that share a scale, a float32
_ROWS = 2  # with the prompt, and without
_READ = 2**30  # bytes read in one go: many times what a processor's own memory holds
_TRIES = 5


def weight_bytes(shape: DecoderShape, dtype: str) -> float:
    """Bytes of weights that a step has to read.

    The prompt's keys and values were computed before, and of the embeddings four lines are read.
    """
    d = shape.hidden
    self_attention, cross_attention, mlp = 4 * d * d, 2 * d * d, 2 * d * shape.ffn
    matrices = shape.layers * (self_attention + cross_attention + mlp) + shape.codebooks * shape.codebook_size * d
    scales = 4.0 / _INT8_BLOCK if dtype == "int8" else 0.0
    return matrices * (_BYTES[dtype] + scales)


def cache_bytes(shape: DecoderShape, dtype: str, steps: int) -> float:
    """Bytes of keys and values that a step has to read, averaged over the steps; float32 on the CPU."""
    mean_length = (steps + 1) / 2
    number = 4.0 if dtype == "int8" else _BYTES[dtype]
    return mean_length * _ROWS * shape.layers * 2 * shape.hidden * number


def floor_ms(shape: DecoderShape, dtype: str, steps: int, bytes_per_s: float) -> float:
    """Milliseconds for reading, at the best, what a step needs."""
    return (weight_bytes(shape, dtype) + cache_bytes(shape, dtype, steps)) / bytes_per_s * 1e3


def bandwidth(device: str, size: int = _READ) -> float:
    """Bytes per second that can be read there, with all cores: the best of several sums over `size` bytes."""
    numbers = torch.ones(size // 4, device=device)
    total = _timed(numbers.sum)  # also the warm-up
    return size / min([total, *(_timed(numbers.sum) for _ in range(_TRIES))])


def _timed(compute: Callable[[], torch.Tensor]) -> float:
    start = time.perf_counter()
    compute().item()  # waits for the device
    return time.perf_counter() - start


def find(order: Order) -> dict[str, float]:
    bytes_per_s = bandwidth(order.device)
    shape = weights(order.model).decoder
    return {
        "bytes_per_s": bytes_per_s,
        "bytes_per_step": weight_bytes(shape, order.dtype) + cache_bytes(shape, order.dtype, order.steps),
        "floor_ms_per_step": floor_ms(shape, order.dtype, order.steps, bytes_per_s),
    }


if __name__ == "__main__":
    answer(find)
