"""Acts on a library, what they begin with, and what has to hold after a fault in them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from musicmed_desktop.library import Library
from tests.faults import oracle
from tests.faults.checks import Ground, check_completed, check_end, check_whole, sole_id
from tests.faults.killed import KILLED
from tests.faults.refusing import DIES, Refusal, calls_in
from tests.faults.zygote import Ended

TITLE, NOTE = "A quiet evening", "the lighthouse keeper called again"


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


def _check_gone(ground: Ground, folder: Path, ended: Ended) -> None:  # noqa: ARG001
    library = Library(folder)
    for found in library.interrupted():
        assert not ended.told("gone"), "thrown away, and still there"
        library.throw_away(found)
    library.settle()
    assert not oracle.rows(folder, "SELECT 1 FROM sessions")
    assert not oracle.left_behind(folder), f"left behind: {oracle.left_behind(folder)}"


def check_no_trace(folder: Path) -> None:
    """No file holds the note; and after the next start nothing else is left."""
    telling = [path.name for path in folder.rglob("*") if path.is_file() and NOTE.encode() in path.read_bytes()]
    assert not telling, f"the note is still in {telling}"
    Library(folder).settle()
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
