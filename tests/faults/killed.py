"""Rounds in which a recording session is killed, or its disk becomes full, at a moment of chance."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from random import Random

from tests.fakes.killing import small_disk
from tests.faults.checks import Ground, check_completed, check_end, check_reopened
from tests.faults.zygote import Child

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
    check_reopened(ground, folder, ended)
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
        check_reopened(ground, folder, ended)
        outcome = check_completed(ground, folder, ended)
    (ground.folder / "disk").rmdir()
    said = ended.told("sorry") or ["nothing"]
    return f"{size // 1000} kB, {len(ended.told('clip'))} clips announced, said: {said[0]} {outcome}"


def two(ground: Ground, chance: Random) -> str:
    """One program records while another changes titles; both are killed, and nothing that either said is lost."""
    folder = ground.folder / "library"
    earlier = _kept(ground, folder)
    recording = ground.zygote.start("record", str(folder), ground.minutes)
    retitling = ground.zygote.start("retitle", str(folder), earlier)
    moments = sorted((chance.uniform(0, _AFTER * ground.seconds), child) for child in (recording, retitling))
    ...


def _kept(ground: Ground, folder: Path) -> str:
    (id,) = ground.zygote.run("record", str(folder), 1).told("kept")
    return str(id)


def _kill_after(seconds: float, child: Child) -> None:
    time.sleep(seconds)
    child.kill()
