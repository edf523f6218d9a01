from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from musicmed_desktop.engines.musicgen.bench.ours import step_ms
from musicmed_desktop.engines.musicgen.generation import chunks

if TYPE_CHECKING:
    from tests.engines.musicgen.conftest import Twins


def test_blocks_are_joined_to_chunks_of_two_seconds() -> None:
    codes = torch.arange(4 * 230).view(4, 230)
    joined = list(chunks(iter(torch.split(codes, 25, dim=1))))
    assert [chunk.shape[1] for chunk in joined] == [100, 100, 30]
    assert torch.equal(torch.cat(joined, dim=1), codes)


def test_a_step_is_timed_behind_as_many_columns_as_asked(tiny: Twins) -> None:
    decoder = tiny.decoder()
    assert step_ms(decoder, torch.zeros(12, decoder.shape.text_hidden), 100) > 0
    assert decoder._read == 110  # ten steps were timed
