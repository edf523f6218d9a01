from __future__ import annotations

import weakref

import numpy as np
import torch
from torch.nn.functional import layer_norm

from musicmed_desktop.engines.musicgen.int8.builder import GraphBuilder


def _random(*dims: int) -> torch.Tensor:
    return torch.randn(*dims, generator=torch.Generator().manual_seed(sum(dims)))


def test_linear_is_a_product_with_little_noise() -> None:
    weight, x = _random(96, 256), _random(2, 3, 256)
    g = GraphBuilder()
    g.output(g.linear(g.input("x", ["R", "S", 256]), weight, "y"), ["R", "S", 96])
    (y,) = g.session(threads=1).run(None, {"x": x.numpy()})
    exact = x @ weight.T
    # Weights and activations are both rounded by up to a 254th of a block's largest.
    assert (torch.from_numpy(y) - exact).std() < 0.012 * exact.std()


def test_norm_is_that_of_torch() -> None:
    weight, bias, x = _random(64), _random(64), _random(2, 5, 64)
    g = GraphBuilder()
    g.op("Identity", [g.norm(g.input("x", ["R", "S", 64]), weight, bias)], "y")
    g.output("y", ["R", "S", 64])
    (y,) = g.session(threads=1).run(None, {"x": x.numpy()})
    torch.testing.assert_close(torch.from_numpy(y), layer_norm(x, (64,), weight, bias))


def test_what_the_kernels_have_packed_is_not_kept_twice() -> None:
    g = GraphBuilder()
    g.output(g.linear(g.input("x", ["S", 128]), _random(256, 128), "y"), ["S", 256])
    codes = weakref.ref(next(array for array in g._weights.values() if array.dtype == np.uint8))
    assert codes() is not None
    session = g.session(threads=1)
    assert codes() is None
    assert session.run(None, {"x": np.ones((1, 128), np.float32)})[0].any()
