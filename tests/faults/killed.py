"""Rounds in which a recording session is killed, or its disk becomes full, at a moment of chance."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from random import Random

from musicmed_desktop.library import Library
from tests.fakes.killing import small_disk
from tests.faults.checks import Ground, check_completed, check_end, check_reopened
from tests.faults.zygote import Child, Ended

KILLED = -9
_AFTER = 1.05  # some rounds are killed when all is over
_LEAST_BYTES = 40_000  # an empty index fits
_ENOUGH = "size=256m"


def killed(ground: Ground, chance: Random) -> str:
    """kill -9 at any moment from the program's start to its end, then the session is resumed."""
    folder = ground.folder / "library"
    moment = chance.uniform(0, _AFTER * ground.seconds)
    child = ground.zygote.start("record", str(folder), ground.minutes)
    _kill_after(moment, child)
    ended = child.ended()
    check_end(ended, 0, KILLED)
    check_reopened(folder, ended)
    outcome = check_completed(ground, folder, ended)
    shutil.rmtree(folder)
    return f"killed after {moment:.3f} s, {len(ended.told('clip'))} clips announced, {outcome}"


def full(ground: Ground, chance: Random) -> str:
    """The disk is full at any moment; then there is room again, and the session is resumed."""
    size = chance.randrange(_LEAST_BYTES, round(_AFTER * ground.bytes))
    with small_disk(ground.folder / "disk", f"size={size}") as disk:
        folder = disk / "library"
        ended = ground.zygote.run("record", str(folder), ground.minutes)
        check_end(ended)
        subprocess.run(["mount", "-o", f"remount,{_ENOUGH}", str(disk)], check=True)
        check_reopened(folder, ended)
        outcome = check_completed(ground, folder, ended)
    (ground.folder / "disk").rmdir()
    said = ended.told("sorry") or ["nothing"]
    return f"{size // 1000} kB, {len(ended.told('clip'))} clips announced, said: {said[0]} {outcome}"


def two(ground: Ground, chance: Random) -> str:
    """One program records while another changes titles; both are killed, and nothing that either said is lost."""
    folder = ground.folder / "library"
    earlier = str(ground.zygote.run("record", str(folder), 1).told("kept")[0])
    recording = ground.zygote.start("record", str(folder), ground.minutes)
    retitling = ground.zygote.start("retitle", str(folder), earlier)
    first, second = sorted(chance.uniform(0, 1.5 * ground.seconds) for _ in range(2))
    children = chance.sample([recording, retitling], 2)
    _kill_after(first, children[0])
    _kill_after(second - first, children[1])
    recorded, retitled = recording.ended(), retitling.ended()
    for ended in (recorded, retitled):
        check_end(ended, 0, KILLED)
        assert not ended.told("sorry"), f"one had to give way: {ended.said}"
    check_title(folder, earlier, retitled)
    check_reopened(folder, recorded)
    Library(folder).delete(earlier)
    Library(folder).purge(days=0)
    outcome = check_completed(ground, folder, recorded)
    shutil.rmtree(folder)
    return f"{len(retitled.told('title'))} titles and {len(recorded.told('clip'))} clips announced, {outcome}"


def first(ground: Ground, chance: Random) -> str:
    """Two programs make the library at the same moment, and each records its first session into it."""
    folder = ground.folder / "library"
    children = []
    for _ in range(2):
        children.append(ground.zygote.start("record", str(folder), 1.0))
        time.sleep(chance.choice([0.0, chance.uniform(0, 0.05)]))
    for ended in [child.ended() for child in children]:
        check_end(ended)
        assert not ended.told("sorry"), f"one had to give way: {ended.said}"
        check_reopened(folder, ended)
    shutil.rmtree(folder)
    return "both are kept"


def check_title(folder: Path, id: str, retitled: Ended) -> None:
    """It is the last one that was announced, or the one that was on its way."""
    (title,) = (entry.title for entry in Library(folder).entries() if entry.id == id)
    last = max(retitled.told("title"), default=0)
    begun = title.startswith("From ") and not last
    assert begun or title in (f"Title {last}", f"Title {last + 1}"), f"{title}, after title {last} was saved"


def _kill_after(seconds: float, child: Child) -> None:
    time.sleep(seconds)
    child.kill()
