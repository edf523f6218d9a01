from __future__ import annotations

import pytest
import torch
from torch import nn

from musicmed_desktop.training.average import MovingAverage


def weights(*values: float) -> dict[str, nn.Parameter]:
    return {"a": nn.Parameter(torch.tensor(values))}


def moved(weight: nn.Parameter, to: float) -> None:
    with torch.no_grad():
        weight.fill_(to)


def test_it_follows_slowly() -> None:
    model = weights(1.0)
    average = MovingAverage(model, 0.9)
    for value in (2.0, 3.0):
        moved(model["a"], value)
        average.update()
    assert average.state()["a"].item() == pytest.approx(0.9 * (0.9 * 1 + 0.1 * 2) + 0.1 * 3)


def test_without_decay_it_is_the_weights_themselves() -> None:
    model = weights(0.1, 0.7)
    average = MovingAverage(model, 0.0)
    moved(model["a"], 1 / 3)
    average.update()
    assert torch.equal(average.state()["a"], model["a"])


def test_the_weights_come_back_unchanged_after_its_use_even_after_a_failure() -> None:
    model = weights(1.0)
    average = MovingAverage(model, 0.5)
    moved(model["a"], 1 / 3)
    with pytest.raises(ZeroDivisionError), average.in_use():
        1 / (model["a"].item() - 1.0)  # it is 1, the average
    assert model["a"].item() == torch.tensor(1 / 3).item()


def test_it_goes_on_from_a_state() -> None:
    first, second = weights(1.0), weights(5.0)
    average, other = MovingAverage(first, 0.9), MovingAverage(second, 0.9)
    other.restore(average.state())
    for model, each in ((first, average), (second, other)):
        moved(model["a"], 2.0)
        each.update()
    assert torch.equal(average.state()["a"], other.state()["a"])
