from __future__ import annotations

import numpy as np
import pytest
import torch

from musicmed_desktop.engines.musicgen.int8.quantize import block_size, quantize


@pytest.mark.parametrize(
    ("width", "block"), [(48, 16), (64, 64), (96, 32), (768, 128), (1024, 128), (1536, 128), (8192, 128)]
)
def test_blocks_divide_the_width(width: int, block: int) -> None:
    assert block_size(width) == block


@pytest.mark.parametrize("width", [8, 100, 1023])
def test_a_width_that_the_kernel_cannot_divide(width: int) -> None:
    with pytest.raises(ValueError, match=str(width)):
        block_size(width)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_no_weight_moves_by_more_than_half_a_scale(dtype: torch.dtype) -> None:
    weight = torch.randn(6, 384, generator=torch.Generator().manual_seed(0)).to(dtype)
    quantized = quantize(weight)
    assert quantized.codes.shape == (6, 3, 128)
    restored = (quantized.codes.astype(np.float32) - 128) * quantized.scales[:, :, None]
    moved = np.abs(restored - weight.float().numpy().reshape(6, 3, 128))
    assert (moved <= quantized.scales[:, :, None] * 0.5001).all()


def test_the_largest_weight_of_a_block_stays_as_it_is() -> None:
    weight = torch.zeros(2, 32)
    weight[0, 3], weight[1, 30] = -5.0, 0.25
    quantized = quantize(weight)
    assert (quantized.codes[0, 0, 3], quantized.codes[1, 0, 30]) == (1, 255)
    assert quantized.scales[:, 0] * 127 == pytest.approx([5.0, 0.25])


def test_a_block_of_zeros_stays_zero() -> None:
    quantized = quantize(torch.zeros(1, 16))
    assert (quantized.codes == 128).all()
    assert (quantized.scales == 0).all()
