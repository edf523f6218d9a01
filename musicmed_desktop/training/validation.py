"""How well music is predicted that was not trained on, for each quadrant of the circumplex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import torch
from accelerate import Accelerator

from musicmed_desktop.affect import Quadrant
from musicmed_desktop.training.captions import caption
from musicmed_desktop.training.devices import share
from musicmed_desktop.training.examples import Example, Lesson
from musicmed_desktop.training.learner import Learner

_QUADRANTS = get_args(Quadrant)


@dataclass(frozen=True)
class Loss:
    """Mean cross-entropy, nats a token: the mean of the quadrants' means, and those that have examples."""

    mean: float
    by_quadrant: Mapping[Quadrant, float]


@torch.no_grad()
def validate(learner: Learner, examples: Sequence[Example], micro_batch: int, accelerator: Accelerator) -> Loss:
    """The loss with whole captions and no dropout; the examples are shared among the processes."""
    sums = torch.zeros(len(_QUADRANTS), 2, device=accelerator.device)  # loss, examples
    mine = share(accelerator, examples)
    with learner.at_rest():
        for first in range(0, len(mine), micro_batch):
            batch = mine[first : first + micro_batch]
            lessons = [Lesson(each.codes.long(), caption(each.track, each.bpm)) for each in batch]
            for example, loss in zip(batch, learner.losses(lessons), strict=True):
                sums[_QUADRANTS.index(example.quadrant)] += torch.stack([loss, torch.ones_like(loss)])
    totals: torch.Tensor = accelerator.reduce(sums, "sum")  # type: ignore[no-untyped-call, unused-ignore]
    means = {name: float(loss / n) for name, (loss, n) in zip(_QUADRANTS, totals, strict=True) if n}
    return Loss(sum(means.values()) / len(means), means)
