"""Rounds in which one call that changes the disk fails, or the program dies at it, each call in its turn."""

from __future__ import annotations

import errno
import shutil
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from musicmed_desktop.library import Library
from tests.faults import oracle
from tests.faults.checks import Ground, check_completed, check_end, check_reopened, check_whole, sole_id
from tests.faults.killed import KILLED
from tests.faults.refusing import DIES, Refusal, calls_in
from tests.faults.zygote import Ended

TITLE, NOTE = "A quiet evening", "the lighthouse keeper called again"


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
class Scenario:
    """An act on a library that `prepare` made, and what has to hold after a fault in it."""

    act: str
    prepare: Callable[[Ground, Path], tuple[str | float, ...]]  # returns the act's arguments after the folder
    check: Callable[[Ground, Path, Ended], object]


def _nothing(ground: Ground, folder: Path) -> tuple[str | float, ...]:  # noqa: ARG001
    return (ground.minutes,)


def _killed_behind(word: int, ground: Ground, folder: Path) -> tuple[str]:
    """A session whose program died as soon as it had announced for the `word`-th time."""
    calls = folder.with_name("calls")
    ground.zygote.run("record", str(folder), ground.minutes, refusal=Refusal(str(folder), str(calls)))
    made = calls_in(calls)
    said = [index for index, call in enumerate(made) if call.is_word][word]
    number = sum(not call.is_word for call in made[:said]) + 1
    shutil.rmtree(folder)
    dying = Refusal(str(folder), str(calls), number, DIES)
    check_end(ground.zygote.run("record", str(folder), ground.minutes, refusal=dying), KILLED)
    return (sole_id(folder),)


_interrupted = partial(_killed_behind, 1)  # it announced its beginning and one clip
_unjoined = partial(_killed_behind, -2)  # all but that the session is kept


def _settled(ground: Ground, folder: Path) -> tuple[str, ...]:
    _unjoined(ground, folder)
    return ()


def _kept(ground: Ground, folder: Path) -> tuple[str]:
    check_end(ground.zygote.run("record", str(folder), ground.minutes))
    return (sole_id(folder),)


def _titled(ground: Ground, folder: Path) -> tuple[str, str, str]:
    return (*_kept(ground, folder), TITLE, NOTE)


def _noted(ground: Ground, folder: Path) -> tuple[str]:
    (id,) = _kept(ground, folder)
    Library(folder).change(id, note=NOTE)
    return (id,)


def _check_changed(ground: Ground, folder: Path, ended: Ended) -> None:
    """What was said to be saved is saved; a change that was refused was made wholly or not at all."""
    (entry,) = Library(folder).entries()
    before = Library(folder).record(entry.id)
    assert entry.title == TITLE or (not ended.told("title") and entry.title.startswith("From ")), entry.title
    assert entry.note == NOTE or (not ended.told("note") and not entry.note), entry.note
    assert before.steps
    check_completed(ground, folder, ended)


def _check_purged(ground: Ground, folder: Path, ended: Ended) -> None:
    """Gone without a trace where that was said; else it can be done again, and then it is."""
    library = Library(folder)
    if not ended.told("gone"):
        assert not ended.told("deleted") or not library.entries(), "back from the trash"
        for entry in library.entries():
            library.delete(entry.id)
        library.purge(days=0)
    check_no_trace(folder)
    check_whole(library)
    check_end(ground.zygote.run("record", str(folder), 1))


def _check_gone(ground: Ground, folder: Path, ended: Ended) -> None:
    library = Library(folder)
    for found in library.interrupted():
        assert not ended.told("gone"), "thrown away, and still there"
        library.throw_away(found)
    library.settle()
    assert not oracle.rows(folder, "SELECT 1 FROM sessions")
    assert not oracle.left_behind(folder), f"left behind: {oracle.left_behind(folder)}"


def check_no_trace(folder: Path) -> None:
    """No file holds the note, and nothing else is left."""
    telling = [path.name for path in folder.rglob("*") if path.is_file() and NOTE.encode() in path.read_bytes()]
    assert not telling, f"the note is still in {telling}"
    assert not oracle.left_behind(folder), f"left behind: {oracle.left_behind(folder)}"


SCENARIOS = {
    "record": Scenario("record", _nothing, check_completed),
    "resume": Scenario("resume", _interrupted, check_completed),
    "keep": Scenario("keep", _interrupted, check_completed),
    "settle": Scenario("settle", _settled, check_completed),
    "throw away": Scenario("throw_away", _interrupted, _check_gone),
    "change": Scenario("change", _titled, _check_changed),
    "purge": Scenario("purge", _noted, _check_purged),
}


def refused(ground: Ground, name: str, fault: Fault, most: int) -> Iterator[tuple[str, str]]:
    """At most `most` calls of a scenario, each in its turn: what was tried, and what is wrong then ("": nothing)."""
    scenario, folder = SCENARIOS[name], ground.folder / "library"
    prepared, report = ground.folder / "prepared", ground.folder / "calls"
    arguments = scenario.prepare(ground, folder)
    if folder.exists():
        folder.rename(prepared)
    for number in (0, *_numbers(ground, scenario, arguments, prepared, most)):
        refusal = Refusal(str(folder), str(report), number, fault.error, fault.lasting)
        ended = _act(ground, scenario, arguments, prepared, refusal)
        tried = [str(call) for call in calls_in(report) if call.refused] or ["nothing refused"]
        yield f"{name}: {fault.name}, call {number}: {tried[0]}", _wrong(ground, scenario, ended, fault)
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(prepared, ignore_errors=True)


def _act(ground: Ground, scenario: Scenario, arguments: Sequence[Any], prepared: Path, refusal: Refusal) -> Ended:
    if prepared.exists():
        shutil.copytree(prepared, refusal.folder)
    return ground.zygote.run(scenario.act, refusal.folder, *arguments, refusal=refusal)


def _numbers(ground: Ground, scenario: Scenario, arguments: Sequence[Any], prepared: Path, most: int) -> list[int]:
    """Calls that an undisturbed act makes; of a run of the same ones the first, one in the middle, and the last."""
    folder, report = ground.folder / "library", ground.folder / "calls"
    check_end(_act(ground, scenario, arguments, prepared, Refusal(str(folder), str(report))))
    shutil.rmtree(folder)
    calls = [call for call in calls_in(report) if not call.is_word]
    runs = (list(run) for _, run in groupby(range(len(calls)), lambda index: str(calls[index])))
    numbers = sorted({run[at] + 1 for run in runs for at in (0, len(run) // 2, -1)})
    step = max(1.0, len(numbers) / most)
    return [numbers[int(step * index)] for index in range(min(most, len(numbers)))]


def _wrong(ground: Ground, scenario: Scenario, ended: Ended, fault: Fault) -> str:
    try:
        check_end(ended, 0, *([KILLED] if fault.error == DIES else []))
        check_reopened(ground, ground.folder / "library", ended)
        scenario.check(ground, ground.folder / "library", ended)
    except Exception:  # whatever is raised, it is a finding
        return traceback.format_exc(limit=-2)
    return ""
