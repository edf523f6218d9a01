"""The decoder: AudioCraft's logits, its cache, its rows."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from musicmed_desktop.engines.musicgen.checkpoint import read_checkpoint
from musicmed_desktop.engines.musicgen.decoder import PROMPT_ROOM, TorchDecoder, sinusoid
from musicmed_desktop.engines.musicgen.pattern import delayed
from musicmed_desktop.engines.musicgen.sampling import guided
from musicmed_desktop.engines.musicgen.shapes import POSITIONS

needs_audiocraft = pytest.mark.skipif(find_spec("audiocraft") is None, reason="AudioCraft is not installed")

TEXT = "slow warm piano music"


def some_columns(count: int, seed: int = 1) -> Tensor:
    """The first columns of some music, [K, count]."""
    codes = torch.randint(0, 2048, (4, count), generator=torch.Generator().manual_seed(seed))
    return torch.cat([torch.full((4, 1), 2048), codes], dim=1)[:, :count]


def a_prompt(length: int, width: int, seed: int = 2) -> Tensor:
    return torch.randn(length, width, generator=torch.Generator().manual_seed(seed))


def close(actual: Tensor, wanted: Tensor) -> None:
    torch.testing.assert_close(actual, wanted, rtol=0.0, atol=1e-4)


@pytest.fixture
def decoder(tiny: Any) -> TorchDecoder:
    made: TorchDecoder = tiny.decoder()
    return made


@pytest.fixture
def prompt(tiny: Any) -> Tensor:
    return a_prompt(7, tiny.checkpoint.decoder.text_hidden)


@needs_audiocraft
def test_logits_are_those_of_audiocraft(tmp_path: Path) -> None:
    from tests.fakes.audiocraft import TEXT_ENCODER, lm_config, save_audiocraft, tiny_lm

    checkpoint = read_checkpoint(save_audiocraft(tmp_path))
    lm = tiny_lm(lm_config(), tmp_path / TEXT_ENCODER)  # the one that was saved
    from audiocraft.modules.conditioners import ConditioningAttributes

    conditioner = lm.condition_provider.conditioners["description"]

    def theirs(text: str | None, columns: Tensor) -> Tensor:
        """[S, K, V]"""
        attributes = [ConditioningAttributes(text={"description": text})]
        conditions = lm.condition_provider(lm.condition_provider.tokenize(attributes))
        logits: Tensor = lm(columns[None], [], conditions)[0].transpose(0, 1)
        return logits

    with torch.no_grad():
        tokens = {name: tensor for name, tensor in conditioner.tokenize([TEXT]).items() if name != "mask"}
        states = conditioner.t5(**tokens).last_hidden_state[0]
        columns = delayed(some_columns(500, seed=4) % 2048, 500, checkpoint.decoder)[:, :500]
        wanted = torch.stack([theirs(None, columns), theirs(TEXT, columns)], dim=1)  # [S, rows, K, V]
    ours = TorchDecoder(checkpoint.decoder, checkpoint.tensors)
    ours.begin([states])
    prefix = 430
    logits = [ours.advance(columns[:, :prefix]), *(ours.advance(columns[:, [at]]) for at in range(prefix, 500))]
    close(torch.stack(logits), wanted[prefix - 1 :])
    assert wanted.std() > 0.5
    assert (wanted[:, 0] - wanted[:, 1]).abs().mean() > 0.1  # the prompt matters


def test_the_cache_is_read_as_if_everything_came_at_once(decoder: TorchDecoder, prompt: Tensor) -> None:
    columns = some_columns(90)
    decoder.begin([prompt])
    wanted = decoder.advance(columns)
    decoder.begin([prompt])
    for piece in torch.split(columns, [1, 1, 30, 1, 56, 1], dim=1):
        logits = decoder.advance(piece)
    close(logits, wanted)
    assert logits.dtype == torch.float32
    assert logits.shape == (2, 4, 2048)


def test_what_lies_behind_the_last_column_does_not_count(decoder: TorchDecoder, prompt: Tensor) -> None:
    columns = some_columns(40)
    decoder.begin([prompt])
    wanted = [decoder.advance(columns[:, :20]), decoder.advance(columns[:, 20:21])]
    decoder.begin([prompt])
    decoder.advance(some_columns(300, seed=9))
    decoder.begin([prompt])
    forward = decoder._forward  # graphics processors read beyond what is filled, with all that was left there
    decoder._compute = lambda columns, index, rows, _: forward(columns, index, rows, POSITIONS)
    close(decoder.advance(columns[:, :20]), wanted[0])
    close(decoder.advance(columns[:, 20:21]), wanted[1])


def test_has_room_for_thirty_seconds(decoder: TorchDecoder, prompt: Tensor) -> None:
    decoder.begin([prompt])
    decoder.advance(some_columns(POSITIONS - 1))
    assert decoder.advance(some_columns(1)).isfinite().all()
    with pytest.raises(ValueError, match="1505 columns; there is room for 1504"):
        decoder.advance(some_columns(1))
    decoder.begin([prompt])  # it can be used again
    assert decoder.advance(some_columns(1)).isfinite().all()


def test_the_row_without_a_prompt_hears_none(decoder: TorchDecoder, prompt: Tensor) -> None:
    columns = some_columns(12)
    decoder.begin([prompt])
    unconditional, conditional = decoder.advance(columns)
    decoder.begin([2 * prompt])
    again, other = decoder.advance(columns)
    close(again, unconditional)
    assert (other - conditional).abs().max() > 0.1


def test_rows_do_not_hear_each_other(decoder: TorchDecoder, prompt: Tensor) -> None:
    leaving, columns = a_prompt(19, prompt.shape[1], seed=5), some_columns(12)
    decoder.begin([prompt, leaving])
    both = decoder.advance(columns)
    for row, alone in ((1, prompt), (2, leaving)):
        decoder.begin([alone])
        close(decoder.advance(columns), both[[0, row]])


def test_prompts_may_be_long_and_then_short_again(decoder: TorchDecoder, prompt: Tensor) -> None:
    columns, long = some_columns(12), a_prompt(3 * PROMPT_ROOM + 1, prompt.shape[1])
    decoder.begin([prompt])
    short_first = decoder.advance(columns)
    decoder.begin([long])
    long_first = decoder.advance(columns)
    decoder.begin([prompt, long])
    both = decoder.advance(columns)
    close(both, torch.cat([short_first, long_first[1:]]))
    decoder.begin([prompt])
    close(decoder.advance(columns), short_first)
    fits_exactly = a_prompt(PROMPT_ROOM, prompt.shape[1])
    decoder.begin([fits_exactly])
    assert (decoder.advance(columns)[1] - long_first[1]).abs().max() > 0.1


def test_long_prompts_are_heard_to_their_end(tiny: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from musicmed_desktop.engines.musicgen.generation import generate
    from musicmed_desktop.engines.musicgen.sampling import Sampling

    ids = torch.randint(3, 15, (150,), generator=torch.Generator().manual_seed(6)).tolist()
    nothing = torch.zeros(4, 0, dtype=torch.int64)
    music = generate(tiny.decoder(), [tiny.states(*ids)], nothing, 30, sampling=Sampling(top_k=1), seed=0)
    assert torch.equal(torch.cat(list(music), 1), tiny.generated(ids, 30, monkeypatch))


def test_blending_begins_with_the_leaving_prompt_and_ends_with_the_arriving_one(
    decoder: TorchDecoder, prompt: Tensor
) -> None:
    leaving, columns = a_prompt(9, prompt.shape[1], seed=5), some_columns(12)
    decoder.begin([prompt, leaving])
    both = decoder.advance(columns)
    decoder.begin([leaving])
    close(guided(both, 3.0, arrived=0.0), guided(decoder.advance(columns), 3.0))
    decoder.begin([prompt])
    close(guided(both, 3.0, arrived=1.0), guided(decoder.advance(columns), 3.0))


def test_after_settling_it_is_as_if_the_leaving_prompt_had_never_been(decoder: TorchDecoder, prompt: Tensor) -> None:
    leaving, columns, more = a_prompt(9, prompt.shape[1], seed=5), some_columns(12), some_columns(9, seed=7)
    decoder.begin([prompt])
    decoder.advance(columns)
    wanted = [decoder.advance(column) for column in torch.split(more, 1, dim=1)]
    decoder.begin([prompt, leaving])
    decoder.advance(columns)
    decoder.settle()
    decoder.settle()
    for column, logits in zip(torch.split(more, 1, dim=1), wanted, strict=True):
        close(decoder.advance(column), logits)
    decoder.begin([prompt, leaving])  # all three rows are there again
    assert decoder.advance(columns).shape[0] == 3


def test_settling_without_a_leaving_prompt_does_nothing(decoder: TorchDecoder, prompt: Tensor) -> None:
    decoder.begin([prompt])
    decoder.settle()
    assert decoder.advance(some_columns(3)).shape[0] == 2


def test_half_precision_comes_near(tiny: Any, decoder: TorchDecoder, prompt: Tensor) -> None:
    columns = some_columns(200)
    decoder.begin([prompt])
    exact = decoder.advance(columns)
    for dtype, tolerance in ((torch.float16, 0.02), (torch.bfloat16, 0.2)):
        rough = TorchDecoder(tiny.checkpoint.decoder, tiny.checkpoint.tensors, "cpu", dtype)
        rough.begin([prompt])
        logits = rough.advance(columns)
        assert logits.dtype == torch.float32
        torch.testing.assert_close(logits, exact, rtol=0.0, atol=tolerance)


def test_positions_are_cosines_and_sines() -> None:
    positions = sinusoid(1504, 64)
    close(positions[0], torch.cat([torch.ones(32), torch.zeros(32)]))
    close(positions[1500, 0], torch.tensor(1500.0).cos())
    close(positions[1500, 63], torch.tensor(1500 / 10_000).sin())
