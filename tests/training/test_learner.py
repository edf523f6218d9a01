"""Learning with a tiny MusicGen: it gets better, it is the same when it goes on, and it remembers what it learnt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from musicmed_desktop.engines.musicgen.checkpoint import Checkpoint, read_checkpoint
from musicmed_desktop.engines.musicgen.text import read_tokenizer
from musicmed_desktop.training.checkpoints import Progress, newest, save
from musicmed_desktop.training.devices import accelerator
from musicmed_desktop.training.examples import Lesson
from musicmed_desktop.training.learner import Learner
from musicmed_desktop.training.model import base_model, with_adapter
from musicmed_desktop.training.recipe import Recipe
from tests.fakes.musicgen import save_transformers, tiny_transformers

STEPS = 6
RECIPE = Recipe(rank=4, batch=4, micro_batch=2, learning_rate=0.02, ema=0.5, lora_dropout=0.1)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    return read_checkpoint(save_transformers(tiny_transformers(hidden=32, ffn=48), tmp_path_factory.mktemp("model")))


def learner(checkpoint: Checkpoint, folder: Path, recipe: Recipe = RECIPE) -> Learner:
    tokenizer = read_tokenizer(checkpoint.text.tokenizer, 1000)
    model = with_adapter(base_model(checkpoint), recipe, "tiny")
    return Learner(model, checkpoint.decoder, tokenizer, recipe, STEPS, accelerator(folder))


def lessons(step: int) -> list[Lesson]:
    """Music of few different codes, which can be learnt."""
    generator = torch.Generator().manual_seed(step)
    captions = ("calm piano", "happy drums", None, "sad strings")
    return [Lesson(torch.randint(0, 5, (4, 12), generator=generator), caption) for caption in captions]


def weights(of: Learner) -> list[torch.Tensor]:
    state = of.state(Progress())
    return [tensor.clone() for part in (state.weights, state.average) for tensor in part.values()]


def test_the_loss_falls_and_the_base_stays(checkpoint: Checkpoint, tmp_path: Path) -> None:
    learning = learner(checkpoint, tmp_path)
    base = {name: weight.clone() for name, weight in learning.model.named_parameters() if not weight.requires_grad}
    curve = [learning.learn(step, lessons(0))[0] for step in range(STEPS)]
    assert curve[-1] < 0.9 * curve[0]
    assert learning.learning_rate == pytest.approx(0.0, abs=1e-9)
    assert all(torch.equal(weight, dict(learning.model.named_parameters())[name]) for name, weight in base.items())


def test_the_batch_may_be_cut_in_any_way(checkpoint: Checkpoint, tmp_path: Path) -> None:
    """Accumulated gradients are those of the whole batch."""
    found = []
    for micro_batch in (1, 2, 4):
        recipe = Recipe(rank=4, batch=4, micro_batch=micro_batch, learning_rate=0.02, lora_dropout=0.0)
        learning = learner(checkpoint, tmp_path, recipe)
        found.append([learning.learn(step, lessons(step)) for step in range(3)])
    for other in found[1:]:
        torch.testing.assert_close(torch.tensor(other), torch.tensor(found[0]), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("stop", [1, 4])
def test_going_on_gives_the_same_weights_to_the_last_bit(checkpoint: Checkpoint, tmp_path: Path, stop: int) -> None:
    whole = learner(checkpoint, tmp_path)
    curve = [whole.learn(step, lessons(step)) for step in range(STEPS)]

    first = learner(checkpoint, tmp_path)
    for step in range(stop):
        first.learn(step, lessons(step))
    save(first.state(Progress(step=stop)), tmp_path)
    torch.manual_seed(12345)  # whatever happened in between
    second = learner(checkpoint, tmp_path)
    state = newest(tmp_path)
    assert state is not None
    second.restore(state)
    assert [second.learn(step, lessons(step)) for step in range(stop, STEPS)] == curve[stop:]
    assert all(torch.equal(a, b) for a, b in zip(weights(whole), weights(second), strict=True))


def test_at_rest_it_is_averaged_and_without_dropout(checkpoint: Checkpoint, tmp_path: Path) -> None:
    learning = learner(checkpoint, tmp_path)
    for step in range(3):
        learning.learn(step, lessons(step))
    before, average = weights(learning), learning.state(Progress()).average
    with learning.at_rest(), torch.no_grad():
        inside: Any = dict(learning.model.named_parameters())
        assert all(torch.equal(inside[name], value) for name, value in average.items())
        assert torch.equal(learning.losses(lessons(0)), learning.losses(lessons(0)))
    assert all(torch.equal(a, b) for a, b in zip(before, weights(learning), strict=True))


def test_less_memory_gives_the_same_gradients(checkpoint: Checkpoint, tmp_path: Path) -> None:
    found = []
    for sparing in (True, False):
        recipe = Recipe(rank=4, batch=4, learning_rate=0.02, lora_dropout=0.1, gradient_checkpointing=sparing)
        found.append(learner(checkpoint, tmp_path, recipe).learn(0, lessons(0)))
    torch.testing.assert_close(torch.tensor(found[0]), torch.tensor(found[1]), rtol=1e-5, atol=1e-6)
