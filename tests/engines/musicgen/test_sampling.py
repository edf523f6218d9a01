"""Guidance, top-k and chance."""

from __future__ import annotations

import pytest
import torch
from scipy.stats import chisquare
from torch import Tensor

from musicmed_desktop.engines.musicgen.sampling import Dice, Sampling, guided


def some_logits(*size: int, seed: int = 0) -> Tensor:
    return 2.0 * torch.randn(*size, generator=torch.Generator().manual_seed(seed))


def drawn(dice: Dice, logits: Tensor, times: int) -> Tensor:
    """[times, K]"""
    return torch.stack([dice.draw(logits) for _ in range(times)])


@pytest.mark.parametrize("guidance", [0.0, 1.0, 3.0, 5.5])
def test_guidance_goes_beyond_what_is_wanted(guidance: float) -> None:
    unconditional, wanted = logits = some_logits(2, 4, 50)
    torch.testing.assert_close(guided(logits, guidance), unconditional + guidance * (wanted - unconditional))


def test_a_leaving_prompt_is_left_by_and_by() -> None:
    unconditional, wanted, leaving = logits = some_logits(3, 4, 50)
    assert torch.equal(guided(logits, 3.0, 0.0), guided(torch.stack([unconditional, leaving]), 3.0))
    assert torch.equal(guided(logits, 3.0, 1.0), guided(torch.stack([unconditional, wanted]), 3.0))
    between = 0.75 * leaving + 0.25 * wanted
    torch.testing.assert_close(guided(logits, 3.0, 0.25), guided(torch.stack([unconditional, between]), 3.0))


@pytest.mark.parametrize(("top_k", "temperature"), [(6, 1.0), (6, 0.5), (50, 3.0)])
def test_draws_from_the_softmax_of_the_likeliest(top_k: int, temperature: float) -> None:
    times, logits = 4000, some_logits(1, 2048, seed=1).expand(4, -1)
    tokens = drawn(Dice(3, Sampling(top_k=top_k, temperature=temperature), 4), logits, times).flatten()
    likeliest, places = logits[0].topk(top_k)
    expected = (likeliest / temperature).softmax(0).double() * tokens.numel()
    counted = torch.bincount(tokens, minlength=2048)[places].double()
    assert counted.sum() == tokens.numel()  # none but the likeliest
    assert expected.min() > 20  # for fewer, the test would not hold
    assert chisquare(counted.numpy(), (expected * counted.sum() / expected.sum()).numpy()).pvalue > 0.001


def test_codebooks_are_drawn_independently() -> None:
    logits = torch.zeros(4, 8)
    tokens = drawn(Dice(3, Sampling(top_k=8), 4), logits, 2000)
    pairs = torch.bincount(tokens[:, 0] * 8 + tokens[:, 1], minlength=64)
    assert chisquare(pairs.numpy()).pvalue > 0.001
    after = torch.bincount(tokens[:-1, 2] * 8 + tokens[1:, 2], minlength=64)  # one step and the next
    assert chisquare(after.numpy()).pvalue > 0.001


def test_only_the_250_likeliest_are_drawn() -> None:
    logits = some_logits(4, 2048) * 0.01
    tokens = drawn(Dice(0, Sampling(), 4), logits, 500)
    allowed = torch.zeros(4, 2048, dtype=torch.bool).scatter_(1, logits.topk(250).indices, True)
    assert allowed[torch.arange(4), tokens].all()
    assert len(set(tokens.flatten().tolist())) > 400  # of 1000 at most: chance reaches far


def test_the_likeliest_needs_no_chance() -> None:
    logits = some_logits(4, 2048)
    assert torch.equal(Dice(0, Sampling(top_k=1), 4).draw(logits), logits.argmax(-1))


# torch's generator takes seeds that are alike in their last 32 bits for one.
@pytest.mark.parametrize("other", [8, 7 + (1 << 32), 7 + (1 << 48), (7, 1)])
def test_the_seed_alone_decides(other: int | tuple[int, int]) -> None:
    logits = some_logits(4, 2048)
    first, again, different = (drawn(Dice(seed, Sampling(), 4), logits, 100) for seed in (7, 7, other))
    assert torch.equal(first, again)
    assert (first == different).float().mean() < 0.2


def test_what_others_draw_does_not_matter() -> None:
    logits = some_logits(4, 2048)
    torch.manual_seed(0)
    first = drawn(Dice(7, Sampling(), 4), logits, 10)
    torch.manual_seed(1)
    assert torch.equal(drawn(Dice(7, Sampling(), 4), logits, 10), first)
