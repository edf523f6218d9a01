"""How much memory this process needed at its peak."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

import torch

_STATUS = Path("/proc/self/status")


def peak_memory_mb(device: str) -> float:
    """Megabytes (10^6 bytes): of the graphics processor where that computes, else of the computer's memory."""
    if device == "cuda":
        return torch.cuda.max_memory_allocated() / 1e6
    if device == "mps":  # which keeps what it once took
        return torch.mps.driver_allocated_memory() / 1e6
    return _resident_peak() / 1e6


def _resident_peak() -> int:
    if sys.platform == "win32":
        return _windows_peak()
    if _STATUS.exists():
        # Linux's getrusage also counts what the parent held when it started this process.
        lines = dict(line.split(":", 1) for line in _STATUS.read_text(encoding="utf-8").splitlines())
        return int(lines["VmHWM"].removesuffix("kB")) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS


def _windows_peak() -> int:
    """PeakWorkingSetSize, from Windows' GetProcessMemoryInfo."""

    class Counters(ctypes.Structure):
        _fields_ = (
            ("cb", ctypes.c_uint32),
            ("PageFaultCount", ctypes.c_uint32),
            ("PeakWorkingSetSize", ctypes.c_size_t),
            ("others", ctypes.c_size_t * 7),
        )

    counters = Counters(cb=ctypes.sizeof(Counters))
    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined, unused-ignore]
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    process = ctypes.c_void_p(kernel.GetCurrentProcess())
    kernel.K32GetProcessMemoryInfo(process, ctypes.byref(counters), counters.cb)
    return int(counters.PeakWorkingSetSize)
