"""A model that learns, one batch at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from peft import PeftModel
from torch import Tensor
from transformers import get_cosine_schedule_with_warmup

from musicmed_desktop.engines.musicgen.shapes import DecoderShape
from musicmed_desktop.training import loss
from musicmed_desktop.training.average import MovingAverage
from musicmed_desktop.training.checkpoints import Progress, State
from musicmed_desktop.training.devices import share
from musicmed_desktop.training.examples import Lesson
from musicmed_desktop.training.model import trained_weights
from musicmed_desktop.training.recipe import Recipe
from musicmed_desktop.training.text import encode

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_BETAS = (0.9, 0.99)  # as musicgen-dreamboothing


class Learner:
    """AdamW (Loshchilov and Hutter 2019) with a warm-up and a cosine down to zero over `steps`.

    `model` has an adapter, of which it learns the weights; `shape` and `tokenizer` are the model's.
    """

    def __init__(
        self,
        model: PeftModel,
        shape: DecoderShape,
        tokenizer: Tokenizer,
        recipe: Recipe,
        steps: int,
        accelerator: Accelerator,
    ) -> None:
        self.model, self._shape, self._tokenizer = model, shape, tokenizer
        self._recipe, self._accelerator = recipe, accelerator
        self._text_encoder: Any = model.get_base_model().text_encoder
        self._weights = trained_weights(model)
        optimizer = torch.optim.AdamW(
            self._weights.values(), recipe.learning_rate, _BETAS, weight_decay=recipe.weight_decay
        )
        self._schedule = get_cosine_schedule_with_warmup(optimizer, math.ceil(recipe.warm_up * steps), steps)
        prepared: Any = accelerator.prepare(model, optimizer)
        self._prepared, self._optimizer = prepared
        self.average = MovingAverage(self._weights, recipe.ema)

    @property
    def learning_rate(self) -> float:
        rate: float = self._schedule.get_last_lr()[0]
        return rate

    def losses(self, lessons: Sequence[Lesson]) -> Tensor:
        """The loss of each lesson, nats a token: [B]."""
        device = self._accelerator.device
        captions = encode([each.caption for each in lessons], self._tokenizer, self._text_encoder, device)
        columns = loss.columns([each.codes for each in lessons], self._shape).to(device)
        with self._accelerator.autocast():
            return loss.losses(self._prepared, captions, columns, self._shape.empty)

    def learn(self, step: int, lessons: Sequence[Lesson]) -> tuple[float, float]:
        """Learn a batch, which the processes share; returns its mean loss and the norm of its gradient.

        Every step has random numbers of its own, so that it is the same whenever it is done.
        """
        accelerator, at_once = self._accelerator, self._recipe.micro_batch
        self._prepared.train()
        self._text_encoder.eval()
        set_seed(self._seed(step))
        mine = share(accelerator, lessons)
        micro = [mine[first : first + at_once] for first in range(0, len(mine), at_once)]
        total = torch.zeros((), device=accelerator.device)
        for number, batch in enumerate(micro, start=1):
            last = number == len(micro)
            with nullcontext() if last else accelerator.no_sync(self._prepared):
                mean = self.losses(batch).mean() / len(micro)
                accelerator.backward(mean)
            total += mean.detach()
        norm = accelerator.clip_grad_norm_(self._weights.values(), self._recipe.clip_norm)
        self._optimizer.step()
        self._optimizer.zero_grad()
        self._schedule.step()
        self.average.update()
        mean_loss: Any = accelerator.reduce(total, "mean")
        return float(mean_loss), float(norm)

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Inside, the model is as it will be used: averaged, and without dropout."""
        self._prepared.eval()
        with self.average.in_use():
            yield

    def state(self, progress: Progress) -> State:
        """Everything that learning changes."""
        weights = {name: weight.detach() for name, weight in self._weights.items()}
        schedule, optimizer = self._schedule.state_dict(), self._optimizer.state_dict()
        return State(progress, weights, self.average.state(), optimizer, schedule)

    @torch.no_grad()
    def restore(self, state: State) -> None:
        """Go on from `state`."""
        for name, weight in self._weights.items():
            weight.copy_(state.weights[name])
        self.average.restore(state.average)
        self._optimizer.load_state_dict({**state.optimizer})
        self._schedule.load_state_dict({**state.schedule})

    def _seed(self, step: int) -> int:
        """Different for each step and process."""
        process: int = self._accelerator.process_index
        return (self._recipe.seed * 1_000_003 + step * 1_009 + process) % 2**32
