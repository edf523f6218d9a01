"""Properties by hypothesis, without a time limit on single examples: the machine may be busy with other things."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis.strategies import SearchStrategy

Test = Callable[..., None]


def forall(*values: SearchStrategy[object], examples: int = 60) -> Callable[[Test], Test]:
    """The test holds for all `values`; tried with so many examples."""

    def decorate(test: Test) -> Test:
        return settings(max_examples=examples, deadline=None)(given(*values)(test))

    return decorate
