from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from musicmed_desktop.evaluation.values import Evaluation
from tests.fakes.evaluations import evaluation, hostile, single

MADE: dict[str, Callable[[], Evaluation]] = {
    "five conditions": evaluation,
    "one condition": single,
    "one clip": lambda: single(1),
    "no clips": lambda: single(0),
    "no conditions": lambda: replace(single(0), rows=(), results=()),
    "hostile": hostile,
}


@pytest.fixture(params=MADE)
def found(request: pytest.FixtureRequest) -> Evaluation:
    """Any evaluation."""
    return MADE[request.param]()
