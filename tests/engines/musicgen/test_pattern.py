"""The delay pattern."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest
import torch

from musicmed_desktop.engines.musicgen.pattern import UNWRITTEN, delayed, straight
from musicmed_desktop.engines.musicgen.shapes import SMALL

EMPTY = SMALL.empty


def codes(frames: int) -> torch.Tensor:
    """Code 10 t + k at frame t of codebook k."""
    return torch.arange(frames) * 10 + torch.arange(4)[:, None]


def test_each_codebook_comes_a_step_later_than_the_one_before() -> None:
    u = UNWRITTEN
    assert delayed(codes(2), 3, SMALL).tolist() == [
        [EMPTY, 0, 10, u, EMPTY, EMPTY, EMPTY],
        [EMPTY, EMPTY, 1, 11, u, EMPTY, EMPTY],
        [EMPTY, EMPTY, EMPTY, 2, 12, u, EMPTY],
        [EMPTY, EMPTY, EMPTY, EMPTY, 3, 13, u],
    ]


def test_without_music_all_is_to_be_written() -> None:
    columns = delayed(codes(0), 5, SMALL)
    assert (columns == UNWRITTEN).sum(dim=1).tolist() == [5] * 4
    assert (columns[:, 0] == EMPTY).all()


@pytest.mark.parametrize(("start", "end"), [(0, 30), (7, 7), (7, 19)])
def test_comes_back_straight(start: int, end: int) -> None:
    assert torch.equal(straight(delayed(codes(30), 30, SMALL), start, end), codes(30)[:, start:end])


@pytest.mark.skipif(find_spec("audiocraft") is None, reason="AudioCraft is not installed")
def test_is_audiocrafts_pattern() -> None:
    from musicmed_desktop.engines.audiocraft.standins import import_audiocraft

    import_audiocraft()
    from audiocraft.modules.codebooks_patterns import DelayedPatternProvider

    music = codes(40)
    pattern: Any = DelayedPatternProvider(4, [0, 1, 2, 3]).get_pattern(40)
    theirs, _, _ = pattern.build_pattern_sequence(music[None], EMPTY)
    assert torch.equal(delayed(music, 40, SMALL), theirs[0])


def test_known_frames_do_not_change_while_others_are_written(tiny: Any) -> None:
    from musicmed_desktop.engines.musicgen.generation import generate
    from musicmed_desktop.engines.musicgen.sampling import Sampling

    read: list[torch.Tensor] = []
    decoder = tiny.decoder()
    advance = decoder.advance

    def noting(columns: torch.Tensor) -> torch.Tensor:
        read.append(columns.clone())
        logits: torch.Tensor = advance(columns)
        return logits

    decoder.advance = noting
    music = generate(decoder, [tiny.states(5, 1)], codes(30), 20, sampling=Sampling(), seed=1)
    whole = torch.cat([codes(30), *music], dim=1)
    assert torch.equal(torch.cat(read, dim=1), delayed(whole, 50, SMALL)[:, :-1])
