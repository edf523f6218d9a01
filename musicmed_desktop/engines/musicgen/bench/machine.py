"""What was measured on: the processor, and the graphics processor where that computes."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from musicmed_desktop.engines.musicgen.placement import device_name

_CPUINFO = Path("/proc/cpuinfo")


def machine(device: str) -> str:
    """In one line, as in "AMD EPYC 7R13, 2 cores, Linux x86_64"."""
    there = [processor(_CPUINFO), f"{cores()} cores", f"{platform.system()} {platform.machine()}"]
    if device != "cpu":
        there.append(device_name(device).removeprefix("the graphics processor "))
    return ", ".join(there)


def processor(cpuinfo: Path) -> str:
    """Its model where Linux tells it, else its kind."""
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def cores() -> int:
    """Those that this process may use, as the system counts them."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
