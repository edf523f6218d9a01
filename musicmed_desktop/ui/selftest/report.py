"""What a self-test found out."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

# None of these may be loaded when the window appears: they cost seconds.
HEAVY = ("torch", "transformers", "onnxruntime", "librosa")


@dataclass
class Report:
    """`problem` says in words why `ok` is False; times that were not reached are None."""

    ok: bool = False
    time_to_window_s: float | None = None
    heavy_modules: list[str] = field(default_factory=list)
    time_to_first_sound_s: float | None = None
    longest_stall_ms: float = 0.0
    underruns: int = 0
    session_id: str | None = None
    screens: list[str] = field(default_factory=list)
    problem: str = ""

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2)

    def to_text(self) -> str:
        lines = [f"{name.replace('_', ' '):>24}: {value}" for name, value in asdict(self).items() if value != ""]
        return "\n".join(lines)


def heavy_modules() -> list[str]:
    """Those of HEAVY that are loaded now."""
    return [name for name in HEAVY if name in sys.modules]


def process_age_s() -> float:
    """Seconds since this process began, as the system knows it (Linux), else since Python began to count."""
    try:
        # proc(5): field 22 is the start in clock ticks after boot; the name in field 2 may hold spaces.
        ticks = int(Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19])
    except OSError:
        return time.process_time()
    import os

    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
