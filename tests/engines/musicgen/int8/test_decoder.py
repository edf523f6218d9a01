"""The 8-bit decoder against transformers' model, and against itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from transformers import MusicgenForConditionalGeneration

from musicmed_desktop.engines.musicgen.int8.decoder import OnnxDecoder
from musicmed_desktop.engines.musicgen.sampling import guided
from musicmed_desktop.engines.musicgen.shapes import POSITIONS
from tests.fakes.musicgen import as_checkpoint, small_slice, tiny_transformers

GUIDANCE = 3.0
KNOWN = 65  # columns that are read at once, before the single steps
STEPS = 100
NOISE = 0.05  # of logits with a spread of 2, where activations may be rounded another way


def _random_columns(count: int, seed: int = 0) -> Tensor:
    columns = torch.randint(0, 2048, (4, count), generator=torch.Generator().manual_seed(seed))
    columns[:, 0] = 2048
    return columns


def _states(length: int, width: int = 48) -> Tensor:
    return torch.randn(length, width, generator=torch.Generator().manual_seed(length))


def _decoder(model: MusicgenForConditionalGeneration) -> OnnxDecoder:
    checkpoint = as_checkpoint(model)
    return OnnxDecoder(checkpoint.decoder, checkpoint.tensors, threads=1)


@pytest.fixture(scope="module")
def decoder() -> OnnxDecoder:
    return _decoder(tiny_transformers())


@torch.inference_mode()
def _expected(model: MusicgenForConditionalGeneration, states: Tensor, columns: Tensor) -> Tensor:
    """Transformers' logits behind each column, without and with the prompt: [S, 2, K, V]."""
    heard = torch.tensor([[0], [1]]).expand(2, len(states))
    projected = model.enc_to_dec_proj(states) * heard[:, :, None]
    logits: Tensor = model.decoder(
        columns.repeat(2, 1), encoder_hidden_states=projected, encoder_attention_mask=heard
    ).logits  # [2 * K, S, V]
    return logits.view(2, 4, *logits.shape[1:]).permute(2, 0, 1, 3)


def _read(decoder: OnnxDecoder, columns: Tensor, chunk: int = 1) -> list[Tensor]:
    return [decoder.advance(columns[:, at : at + chunk]) for at in range(0, columns.shape[1], chunk)]


def _assert_same(actual: Tensor, expected: Tensor) -> None:
    torch.testing.assert_close(actual, expected, atol=NOISE, rtol=0)


def _divergence(exact: Tensor, rounded: Tensor) -> float:
    """Mean KL divergence of what is drawn from, in nats."""
    p, q = (torch.stack([guided(step, GUIDANCE) for step in logits]).log_softmax(-1) for logits in (exact, rounded))
    return float((p.exp() * (p - q)).sum(-1).mean())


@pytest.mark.parametrize("make", [tiny_transformers, small_slice])
def test_it_draws_from_the_distributions_of_transformers(make: Callable[[], MusicgenForConditionalGeneration]) -> None:
    model = make()
    decoder = _decoder(model)
    states, columns = _states(9, decoder.shape.text_hidden), _random_columns(KNOWN + STEPS)
    decoder.begin([states])
    logits = [decoder.advance(columns[:, :KNOWN]), *_read(decoder, columns[:, KNOWN:])]
    expected = _expected(model, states, columns)[KNOWN - 1 :]
    assert _divergence(expected, torch.stack(logits)) < 0.01


def test_columns_read_at_once_or_one_by_one_give_the_same(decoder: OnnxDecoder) -> None:
    columns = _random_columns(50)
    decoder.begin([_states(5), _states(8)])
    one_by_one = _read(decoder, columns)[-1]
    for chunk in (7, 50):
        decoder.begin([_states(5), _states(8)])
        _assert_same(_read(decoder, columns, chunk)[-1], one_by_one)


def test_the_rows_do_not_hear_each_other(decoder: OnnxDecoder) -> None:
    columns = _random_columns(12)
    logits = []
    for prompts in ([_states(5), _states(30)], [_states(5)], [_states(30)]):
        decoder.begin(prompts)
        logits.append(_read(decoder, columns)[-1])
    both, arriving, leaving = logits
    _assert_same(both, torch.cat([arriving, leaving[1:]]))
    _assert_same(arriving[0], leaving[0])
    assert (arriving[1] - leaving[1]).abs().mean() > 10 * NOISE


def test_settled_it_is_as_if_there_had_been_no_leaving_prompt(decoder: OnnxDecoder) -> None:
    columns = _random_columns(20)
    decoder.begin([_states(5)])
    decoder.settle()
    alone = _read(decoder, columns)
    decoder.begin([_states(5), _states(11)])
    assert len(_read(decoder, columns[:, :8])[-1]) == 3
    decoder.settle()
    _assert_same(torch.stack(_read(decoder, columns[:, 8:])), torch.stack(alone[8:]))


def test_settled_it_still_reads_several_columns_at_once(decoder: OnnxDecoder) -> None:
    columns = _random_columns(20)
    decoder.begin([_states(5)])
    alone = _read(decoder, columns, chunk=10)[-1]
    decoder.begin([_states(5), _states(11)])
    decoder.advance(columns[:, :10])
    decoder.settle()
    _assert_same(decoder.advance(columns[:, 10:]), alone)


def test_what_it_returned_stays(decoder: OnnxDecoder) -> None:
    columns = _random_columns(2)
    decoder.begin([_states(5)])
    first = decoder.advance(columns[:, :1])
    kept = first.clone()
    decoder.advance(columns[:, 1:])
    assert torch.equal(first, kept)


def test_it_reads_as_far_as_the_window_goes() -> None:
    model = tiny_transformers()
    states, columns = _states(9), _random_columns(POSITIONS)
    decoder = _decoder(model)
    decoder.begin([states])
    decoder.advance(columns[:, :-2])
    with pytest.raises(ValueError, match=str(POSITIONS)):
        decoder.advance(columns[:, :3])
    last = torch.stack(_read(decoder, columns[:, -2:]))
    assert _divergence(_expected(model, states, columns)[-2:], last) < 0.01
    with pytest.raises(ValueError, match=str(POSITIONS)):
        decoder.advance(columns[:, :1])


def test_a_text_encoder_as_wide_as_the_decoder_needs_no_projection() -> None:
    checkpoint = as_checkpoint(tiny_transformers(text_hidden=64))
    projected = {**checkpoint.tensors, "enc_to_dec_proj.weight": torch.eye(64), "enc_to_dec_proj.bias": torch.zeros(64)}
    plain = {name: tensor for name, tensor in projected.items() if not name.startswith("enc_to_dec_proj")}
    logits = []
    for tensors in (projected, plain):
        decoder = OnnxDecoder(checkpoint.decoder, tensors, threads=1)
        decoder.begin([_states(5, 64)])
        logits.append(decoder.advance(_random_columns(1)))
    _assert_same(*logits)
