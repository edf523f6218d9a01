"""Where MusicGen computes, and with which type of number: found by trying, told in plain words."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import torch

from musicmed_desktop.engines.musicgen.probe import refusal

_NATIVE_BFLOAT16 = 8  # CUDA compute capability from which on the GPU computes with bfloat16 itself (NVIDIA Ampere)
_MEMINFO = Path("/proc/meminfo")
_NO_MEMORY = (  # how torch and ONNX Runtime say it where they raise nothing more special than a RuntimeError
    "out of memory",
    "not enough memory",
    "can't allocate memory",
    "failed to allocate memory",
    "std::bad_alloc",
    "bad allocation",
    "alloc_failed",
)


@dataclass(frozen=True)
class Placement:
    """`device` is "cuda", "mps" or "cpu"; `dtype` is "bfloat16", "float16", "int8" (weights) or "float32"; `reason` is
    a sentence for the listener."""

    device: str
    dtype: str
    reason: str


def placements(graphics: Iterable[str] | None = None) -> tuple[Placement, ...]:
    """Those that work here, the best first; float32 on the processor, the reference, is the last.

    `graphics` are torch's names of graphics processors to try; without it, those that torch finds.
    """
    candidates = graphics_found() if graphics is None else graphics
    tried = {device: refusal(device, dtype_for(device)) for device in candidates}
    working = [
        Placement(device, dtype_for(device), f"MusicGen makes the music on {device_name(device)}.")
        for device, refused in tried.items()
        if not refused
    ]
    why = "; ".join(f"{device_name(device)} cannot be used, because {refused}" for device, refused in tried.items())
    return (*working, *_on_processor(why or "no graphics processor was found"))


def graphics_found() -> list[str]:
    """Torch's names of the graphics processors that it finds, the faster kind first; they may not work."""
    found = (("cuda", torch.cuda.is_available()), ("mps", torch.backends.mps.is_available()))
    return [device for device, there in found if there]


def _on_processor(why: str) -> list[Placement]:
    here = "MusicGen makes the music on the processor"
    exact = Placement("cpu", "float32", f"{here} with 32-bit numbers: {why}.")
    refused = refusal("cpu", "int8")
    if not refused:
        return [Placement("cpu", "int8", f"{here} with 8-bit weights: {why}."), exact]
    slow = f"{exact.reason} This is slow; 8-bit weights cannot be used, because {refused}."
    return [Placement("cpu", "float32", slow)]


def dtype_for(device: str) -> str:
    """The fastest type that a graphics processor computes with itself."""
    if device == "cuda" and torch.cuda.get_device_capability()[0] >= _NATIVE_BFLOAT16:
        return "bfloat16"
    return "float16"


def device_name(device: str) -> str:
    """What a listener calls it, as in "the graphics processor NVIDIA H100"."""
    if device == "cuda":
        return f"the graphics processor {torch.cuda.get_device_name()}"
    return {"mps": "Apple's graphics processor", "cpu": "the processor"}.get(device, f'the device "{device}"')


def fits(placement: Placement, needed: int) -> bool:
    """Whether so many bytes are free where the model would lie; True where that cannot be asked."""
    free = free_memory(placement.device)
    return free is None or needed <= free


def free_memory(device: str) -> int | None:
    """Bytes that can still be taken there; None where that cannot be asked."""
    if device == "cuda":
        return torch.cuda.mem_get_info()[0]
    if device == "mps":
        return torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory()
    return _windows_memory() if sys.platform == "win32" else available_memory(_MEMINFO)


def available_memory(meminfo: Path) -> int | None:
    """Bytes that Linux can give without swapping (its "MemAvailable"); None where there is no such file."""
    if not meminfo.exists():
        return None
    amounts = dict(line.split(":", 1) for line in meminfo.read_text(encoding="ascii").splitlines())
    return int(amounts["MemAvailable"].removesuffix("kB")) * 1024


def _windows_memory() -> int | None:
    """ullAvailPhys, from Windows' GlobalMemoryStatusEx."""

    class Status(ctypes.Structure):
        _fields_ = (
            ("dwLength", ctypes.c_uint32),
            ("dwMemoryLoad", ctypes.c_uint32),
            ("ullTotalPhys", ctypes.c_uint64),
            ("ullAvailPhys", ctypes.c_uint64),
            ("others", ctypes.c_uint64 * 5),
        )

    status = Status(dwLength=ctypes.sizeof(Status))
    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined, unused-ignore]
    return int(status.ullAvailPhys) if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else None


def is_out_of_memory(error: BaseException) -> bool:
    """Whether the error says that memory ran out, on whichever device: a smaller plan may still work."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    of_the_kind = isinstance(error, RuntimeError) or type(error).__module__.startswith("onnxruntime.")
    return of_the_kind and any(sign in str(error).lower() for sign in _NO_MEMORY)
