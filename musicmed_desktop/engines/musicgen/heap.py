"""The C library's heap, where it keeps what was freed."""

from __future__ import annotations

import ctypes
import sys


def trim() -> None:
    """Give freed memory back to the system. Only Linux's C library has to be asked: it keeps blocks of up to 32 MB for
    later, and does not use them for the next matrix of the same size (malloc_trim(3); glibc's bug 30723)."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
