"""Measures this project's engine: tokens with guidance, and the sound of each chunk as soon as its tokens are there.

Worker: `python -m musicmed_desktop.engines.musicgen.bench.ours ORDER`; it chooses device and type where none is given.
"""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from statistics import median
from typing import Any

import torch
from torch import Tensor

from musicmed_desktop.engines.musicgen.bench.machine import machine
from musicmed_desktop.engines.musicgen.bench.order import WARM_UP_FRAMES, Order, answer, row
from musicmed_desktop.engines.musicgen.bench.weights import text_states, weights
from musicmed_desktop.engines.musicgen.codec import Codec
from musicmed_desktop.engines.musicgen.generation import chunks, generate, read
from musicmed_desktop.engines.musicgen.placement import Placement, placements
from musicmed_desktop.engines.musicgen.sampling import Sampling
from musicmed_desktop.engines.musicgen.seam import Decoder
from musicmed_desktop.engines.musicgen.writer import open_decoder

_TIMED_STEPS = 10


def find(order: Order) -> dict[str, Any]:
    model = weights(order.model)
    place = Placement(order.device, order.dtype, "") if order.device else placements()[0]
    order = replace(order, device=place.device, dtype=place.dtype)
    decoder = open_decoder(model.decoder, model.tensors, place)
    codec = Codec(model.codec, model.tensors)
    states = text_states(model.decoder.text_hidden)
    _write(decoder, codec, states, WARM_UP_FRAMES)
    figures = row("musicmed", order, *_write(decoder, codec, states, order.frames))
    figures = replace(figures, ms_at_step_100=step_ms(decoder, states, 100))
    figures = replace(figures, ms_at_step_1400=step_ms(decoder, states, 1400))
    return {"machine": machine(place.device), "model": model.name, "reason": place.reason, "row": asdict(figures)}


def _write(decoder: Decoder, codec: Codec, states: Tensor, frames: int) -> tuple[float, float, float]:
    """Seconds for the tokens alone, until the first chunk is out, and until the last one is."""
    start = time.perf_counter()
    tokens_s, first_s = 0.0, 0.0
    sound = codec.stream()
    nothing = torch.zeros(decoder.shape.codebooks, 0, dtype=torch.int64)
    blocks = chunks(generate(decoder, [states], nothing, frames, sampling=Sampling(), seed=0))
    while True:
        asked = time.perf_counter()
        block = next(blocks, None)
        tokens_s += time.perf_counter() - asked
        if block is None:
            break
        sound.feed(block)
        first_s = first_s or time.perf_counter() - start
    sound.finish()
    return tokens_s, first_s, time.perf_counter() - start


def step_ms(decoder: Decoder, states: Tensor, known: int) -> float:
    """Milliseconds of one step behind `known` columns: the median of several."""
    columns = torch.zeros(decoder.shape.codebooks, known, dtype=torch.int64)
    decoder.begin([states])
    read(decoder, columns)
    return median(_step_s(decoder, columns[:, :1]) for _ in range(_TIMED_STEPS)) * 1e3


def _step_s(decoder: Decoder, column: Tensor) -> float:
    start = time.perf_counter()
    decoder.advance(column).cpu()  # waits for the device
    return time.perf_counter() - start


if __name__ == "__main__":
    answer(find)
