"""Programs without any network, and what they tried to reach all the same.

Two walls, one inside the other. An audit hook refuses what Python code tries. Where the system permits it (Linux), the
program also has a network namespace of its own, in which not even loopback is up, so that native code gets nowhere
either; the kernel counts what had no route (OutNoRoutes) and what went out (OutRequests; both RFC 4293). It counts IPv4
only: without an address of its own it refuses IPv6 before it counts.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_HOOK = Path(__file__).parent / "walled"
_STEERING = re.compile(r"^HF_|^ORT_|^CI$|_OFFLINE$|_PROXY$", re.IGNORECASE)
_COUNTED = ("OutNoRoutes", "OutRequests")
_THEN_COUNT = '"$@"; code=$?; cat /proc/net/snmp > "$COUNTED_BY_KERNEL"; exit $code'


@dataclass(frozen=True)
class Ended:
    """`tried`: a line for each try of Python's to get out; `counted`: packets that the kernel was asked to send, None
    where it was not asked."""

    code: int
    out: str
    err: str
    tried: tuple[str, ...]
    counted: int | None


def walled(place: Path, *command: str, **environ: str) -> Ended:
    """Run Python with `command` behind the walls, its home in `place`, to its end."""
    tried, counted = place / "tried.txt", place / "counted.txt"
    tried.write_bytes(b"")
    # What keeps libraries offline by itself is taken away, as is what leads them elsewhere: the program does without.
    kept = {name: value for name, value in os.environ.items() if not _STEERING.search(name)}
    kept |= {"PYTHONPATH": str(_HOOK), "TRIED_THE_NETWORK": str(tried), "COUNTED_BY_KERNEL": str(counted)}
    kept |= {"MUSICMED_HOME": str(place), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*_own_network(), sys.executable, *command],
        env=kept | environ,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    lines = tuple(tried.read_text(encoding="utf-8").splitlines())
    return Ended(done.returncode, done.stdout, done.stderr, lines, _sent(counted) if counted.exists() else None)


@cache
def _own_network() -> tuple[str, ...]:
    """What to put before a command, so that it has no network; nothing where the system does not permit it."""
    unshare = shutil.which("unshare")
    ways = [(unshare, "--net"), (unshare, "--net", "--map-root-user")] if unshare else []
    for way in ways:
        if not subprocess.run([*way, "true"], capture_output=True, check=False).returncode:
            return (*way, "sh", "-c", _THEN_COUNT, "sh")
    return ()


def _sent(counts: Path) -> int:
    """From proc(5)'s net/snmp, where a line of names stands above a line of numbers."""
    lines = counts.read_text(encoding="utf-8").splitlines()
    names, numbers = (line.split() for line in lines if line.startswith("Ip:"))
    by_name = dict(zip(names, numbers, strict=True))
    return sum(int(by_name[name]) for name in _COUNTED)
