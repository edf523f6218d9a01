"""Tries a device out with a real operation, since a driver that answers may still compute wrongly."""

from __future__ import annotations

import textwrap

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from musicmed_desktop.engines.musicgen.int8.builder import GraphBuilder

# Largest difference that rounding explains, for results that spread around 1.
_TOLERANCE = {"float32": 1e-4, "float16": 0.02, "bfloat16": 0.1, "int8": 0.1}
_HEADS, _WIDTH, _CACHED = 4, 64, 96


def refusal(device: str, dtype: str) -> str:
    """Why MusicGen cannot compute there: half a sentence as in "it gives wrong numbers"; empty where it can.

    `device` is torch's name of a device, `dtype` is torch's name of a type or "int8", which is ONNX Runtime's matter.
    """
    try:
        result = _compute_int8() if dtype == "int8" else _compute(device, getattr(torch, dtype))
    except (RuntimeError, AssertionError, ImportError, OSError) as error:  # as torch, and libraries that do not load
        lines = str(error).strip().splitlines() or [type(error).__name__]
        return f"it fails ({textwrap.shorten(lines[0], 120, placeholder='...').rstrip('.')})"
    if not result.isfinite().all():
        return "it gives results that are no numbers"
    if (result - _compute("cpu", torch.float32)).abs().max() > _TOLERANCE[dtype]:
        return "it gives wrong numbers"
    return ""


def _compute(device: str, dtype: torch.dtype) -> Tensor:
    """A multiplication and an attention on what it gave, as the decoder has them; float32 on the CPU."""
    x, weight, cache = (tensor.to(device, dtype) for tensor in _numbers())
    return _attention(x @ weight, cache).float().cpu()


def _attention(x: Tensor, cache: Tensor) -> Tensor:
    q = x.view(-1, _HEADS, 1, _WIDTH)
    k, v = cache
    return x + scaled_dot_product_attention(q, k, v).view_as(x)


def _compute_int8() -> Tensor:
    """The same, with 8-bit weights multiplied by ONNX Runtime."""
    from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, NotImplemented, RuntimeException

    x, weight, cache = _numbers()
    try:
        return _attention(_int8_product(x, weight), cache)
    except (Fail, InvalidGraph, NotImplemented, RuntimeException) as error:  # they have no base but Exception
        raise RuntimeError(str(error)) from error


def _int8_product(x: Tensor, weight: Tensor) -> Tensor:
    graph = GraphBuilder()
    graph.linear(graph.input("x", x.shape), weight.T.contiguous(), "product")
    graph.output("product", x.shape)
    (product,) = graph.session(threads=1).run(None, {"x": x.numpy()})
    return torch.from_numpy(product)


def _numbers() -> tuple[Tensor, Tensor, Tensor]:
    """The same on every machine: x [2, d], weight [d, d], keys and values [2, 2, heads, cached, width]."""
    draw = torch.Generator().manual_seed(0)
    hidden = _HEADS * _WIDTH
    x = torch.randn(2, hidden, generator=draw)
    weight = torch.randn(hidden, hidden, generator=draw) / hidden**0.5
    return x, weight, torch.randn(2, 2, _HEADS, _CACHED, _WIDTH, generator=draw)
