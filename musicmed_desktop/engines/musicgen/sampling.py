"""From logits to tokens: guidance, top-k, and chance that belongs to one clip alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

_DRAWN_AHEAD = 64  # steps for which chance is drawn at once


@dataclass(frozen=True)
class Sampling:
    """How tokens are chosen; the defaults are those of the published models. `top_k` 1 takes the likeliest."""

    guidance: float = 3.0
    top_k: int = 250
    temperature: float = 1.0


def guided(logits: Tensor, guidance: float, arrived: float = 1.0) -> Tensor:
    """Logits [K, V] of what follows, from those of a decoder's rows [rows, K, V].

    Classifier-free guidance (Ho and Salimans 2022, arXiv 2207.12598). With a leaving prompt, the conditional logits are
    on the way from it to the arriving one: `arrived` is how far, 0 to 1.
    """
    unconditional, wanted, *leaving = logits
    if leaving:
        wanted = torch.lerp(leaving[0], wanted, arrived)
    return torch.lerp(unconditional, wanted, guidance)


class Dice:
    """The chance of one clip: the same seed gives the same draws on every device.

    `seed` is a number of any size, or several; none below 0. torch's own generator would count its last 32 bits alone.
    Draws by adding Gumbel noise and taking the largest, which is a draw from the softmax (Maddison et al. 2014, arXiv
    1411.0030). torch.multinomial has given indices out of range on MPS.
    """

    def __init__(self, seed: int | Sequence[int], sampling: Sampling, codebooks: int) -> None:
        self._generator = np.random.default_rng(seed)
        self._sampling = sampling
        self._codebooks = codebooks
        self._noise: list[Tensor] = []

    def draw(self, logits: Tensor) -> Tensor:
        """One token for each codebook: [K, V] -> [K], on the device of `logits`."""
        likeliest, tokens = logits.topk(self._sampling.top_k)
        if self._sampling.top_k == 1:
            return tokens[:, 0]
        place = (likeliest / self._sampling.temperature + self._next_noise(logits.device)).argmax(-1, keepdim=True)
        return tokens.gather(1, place)[:, 0]

    def _next_noise(self, device: torch.device) -> Tensor:
        if not self._noise:
            shape = (_DRAWN_AHEAD, self._codebooks, self._sampling.top_k)
            exponential = torch.from_numpy(self._generator.standard_exponential(shape))
            self._noise = list(-exponential.log().float().to(device))[::-1]
        return self._noise.pop()
