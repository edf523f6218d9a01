from __future__ import annotations

import pytest

from musicmed_desktop.engines.musicgen.bench.floor import bandwidth, cache_bytes, floor_ms, weight_bytes
from musicmed_desktop.engines.musicgen.bench.weights import random_weights
from musicmed_desktop.engines.musicgen.decoder import TorchDecoder
from musicmed_desktop.engines.musicgen.shapes import SMALL, CodecShape, DecoderShape

TINY = DecoderShape(hidden=64, layers=2, heads=4, ffn=128, text_hidden=48)


def test_a_step_reads_the_matrices_that_it_multiplies_with() -> None:
    """Those of the decoder itself, and no others: not the prompt's projections, the embeddings, the norms."""
    decoder = TorchDecoder(TINY, random_weights(TINY, CodecShape(filters=4, hidden=16), "tiny").tensors)
    read = {id(decoder._heads): decoder._heads}
    for layer in decoder._layers:
        for matrix in (layer.qkv, layer.self_out, layer.cross_q, layer.cross_out, layer.fc1, layer.fc2):
            read[id(matrix)] = matrix
    assert weight_bytes(TINY, "float32") == sum(matrix.nbytes for matrix in read.values())


def test_8_bit_weights_are_a_quarter_and_their_scales() -> None:
    assert weight_bytes(SMALL, "int8") == weight_bytes(SMALL, "float32") / 4 * (1 + 4 / 128)
    assert weight_bytes(SMALL, "bfloat16") == weight_bytes(SMALL, "float16") == weight_bytes(SMALL, "float32") / 2


def test_the_cache_is_read_as_far_as_it_is_filled() -> None:
    # keys and values, two rows, 24 layers of width 1024, four bytes
    assert cache_bytes(SMALL, "float32", 1) == 2 * 2 * 24 * 1024 * 4
    assert cache_bytes(SMALL, "float32", 503) == 252 * cache_bytes(SMALL, "float32", 1)
    assert cache_bytes(SMALL, "int8", 503) == cache_bytes(SMALL, "float32", 503)
    assert cache_bytes(SMALL, "float16", 503) == cache_bytes(SMALL, "float32", 503) / 2


def test_the_floor_is_bytes_over_bandwidth() -> None:
    step = weight_bytes(SMALL, "int8") + cache_bytes(SMALL, "int8", 503)
    assert floor_ms(SMALL, "int8", 503, 24e9) == pytest.approx(step / 24e9 * 1000)
    assert floor_ms(SMALL, "int8", 503, 24e9) == pytest.approx(19.6, abs=0.1)


def test_the_bandwidth_is_that_of_a_computer() -> None:
    assert 1e8 < bandwidth("cpu", size=2**26) < 1e13
