"""The rounds of a full run: what is tried, how, and what repeats it."""

from __future__ import annotations

import shutil
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

import pytest

from tests.faults import killed
from tests.faults.checks import Ground
from tests.faults.refused import FAULTS, Trial, numbers_of
from tests.faults.scenarios import SCENARIOS
from tests.faults.zygote import Zygote

BY_CHANCE: dict[str, Callable[[Ground, Random], str]] = {
    "kill": killed.killed,
    "full": killed.full,
    "two": killed.two,
    "first": killed.first,
}
REFUSE = "refuse"
_MINUTES, _SHORT_MINUTES = 3.0, 1.0
_FEWER = 4  # how many times fewer rounds for faults that resemble another


@dataclass(frozen=True)
class Result:
    text: str  # in a few words, or a traceback
    right: bool = True


@dataclass(frozen=True)
class Round:
    what: str
    attempt: Callable[[], str]
    again: str  # the options that repeat it

    def run(self) -> Result:
        """Where it goes wrong, the folder of its library stays until the next round."""
        try:
            return Result(self.attempt())
        except pytest.skip.Exception as reason:
            return Result(f"skipped: {reason}")
        except Exception:  # whatever is raised, it is what is looked for
            return Result(traceback.format_exc(), right=False)


def by_chance(zygote: Zygote, folder: Path, kind: str, count: int, seed: int) -> Iterator[Round]:
    """`count` rounds of a kind, each at a moment that its own seed decides."""
    ground = Ground.prepare(zygote, _emptied(folder / kind), _MINUTES)
    for own in range(seed, seed + count):
        _emptied(ground.folder)
        attempt = partial(BY_CHANCE[kind], ground, Random(own))
        yield Round(f"{kind} {own}", attempt, f"--only {kind} --rounds 1 --seed {own}")


def refusals(zygote: Zygote, folder: Path, count: int) -> Iterator[Round]:
    """Each act undisturbed; then at most `count` of its calls that fail once, and fewer for the other faults."""
    ground = Ground.prepare(zygote, _emptied(folder / REFUSE), _SHORT_MINUTES)
    again = f"--only {REFUSE} --rounds {count}"
    for name in SCENARIOS:
        trial = Trial.prepare(ground, name)
        yield Round(f"{name}, undisturbed", trial.check_undisturbed, again)
        for fault in FAULTS:
            most = count if fault is FAULTS[0] else -(-count // _FEWER)
            for number in numbers_of(trial.calls, most):
                yield Round(f"{name} {fault.name}, call {number}", partial(trial.check_fault, number, fault), again)


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder
