"""Rounds in which one call that changes the disk fails, or the program dies at it, each call in its turn."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path

from tests.faults.checks import Ground, check_end, check_reopened
from tests.faults.killed import KILLED
from tests.faults.refusing import DIES, Call, Refusal, calls_in
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.faults.settling import paths_in, unsafe_words
from tests.faults.zygote import Ended


@dataclass(frozen=True)
class Fault:
    """What happens at a call."""

    name: str
    error: int
    lasting: bool = False


FAULTS = (
    Fault("fails once", errno.EIO),
    Fault("is full from there on", errno.ENOSPC, lasting=True),
    Fault("dies there", DIES),
)


@dataclass(frozen=True)
class Trial:
    """A prepared library on which an act is tried again and again; `prepared` may not be there."""

    ground: Ground
    scenario: Scenario
    arguments: tuple[str | float, ...]
    prepared: Path

    @classmethod
    def prepare(cls, ground: Ground, name: str) -> Trial:
        scenario, folder, prepared = SCENARIOS[name], ground.folder / "library", ground.folder / f"before {name}"
        shutil.rmtree(folder, ignore_errors=True)
        arguments = scenario.prepare(ground, folder)
        prepared.mkdir()
        if folder.exists():
            folder.rename(prepared / "library")
        return cls(ground, scenario, arguments, prepared / "library")

    @property
    def folder(self) -> Path:
        return self.ground.folder / "library"

    @cached_property
    def undisturbed(self) -> tuple[Ended, tuple[Call, ...]]:
        return self.act()

    @property
    def calls(self) -> list[Call]:
        """Those of an undisturbed act."""
        return [call for call in self.undisturbed[1] if not call.is_word]

    def act(self, number: int = 0, fault: Fault = FAULTS[0]) -> tuple[Ended, tuple[Call, ...]]:
        """Do it on a fresh copy; how that ended, and the calls that were made."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.prepared.exists():
            shutil.copytree(self.prepared, self.folder)
        report = self.ground.folder / "calls"
        refusal = Refusal(str(self.folder), str(report), number, fault.error, fault.lasting)
        ended = self.ground.zygote.run(self.scenario.act, str(self.folder), *self.arguments, refusal=refusal)
        return ended, calls_in(report)

    def check_undisturbed(self) -> str:
        """It ends well, and nothing is promised that a power cut could take."""
        ended, calls = self.undisturbed
        check_end(ended)
        assert not ended.told("sorry"), ended.said
        unsafe = list(unsafe_words(ended, calls, paths_in(self.prepared)))
        assert not unsafe, "\n".join(unsafe)
        return f"{len(calls)} calls, safe from power cuts"

    def check_fault(self, number: int, fault: Fault) -> str:
        """The act with a fault at a call, and what has to hold then; returns the call."""
        ended, calls = self.act(number, fault)
        check_end(ended, 0, *([KILLED] if fault.error == DIES else []))
        check_reopened(self.folder, ended)
        self.scenario.check(self.ground, self.folder, ended)
        return next((str(call) for call in calls if call.refused), "no such call")


def numbers_of(calls: Sequence[Call], most: int) -> list[int]:
    """At most `most`, evenly spread; of a run of the same calls the first, one in the middle, and the last."""
    runs = (list(run) for _, run in groupby(range(len(calls)), lambda index: str(calls[index])))
    numbers = sorted({run[at] + 1 for run in runs for at in (0, len(run) // 2, -1)})
    step = max(1.0, len(numbers) / most)
    return [numbers[int(step * (index + 0.5))] for index in range(min(most, len(numbers)))]
