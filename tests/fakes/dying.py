"""A child of this process that is killed: at the n-th thing it asks of the disk, or after a time."""

from __future__ import annotations

import functools
import os
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable
from itertools import count
from typing import Any

ASKED = ("fsync", "mkdir", "rename", "replace", "rmdir", "unlink")  # of os, by the program and by pathlib and shutil


def calls_of(act: Callable[[], object]) -> int:
    """How often `act` asks something of the disk, in a child that does it to its end."""
    reading, writing = os.pipe()

    def counted() -> None:
        counter = _patch(lambda _: None)
        act()
        os.write(writing, str(counter()).encode())

    assert ended(forked(counted)) == 0
    os.close(writing)
    with os.fdopen(reading) as told:
        return int(told.read())


def dies_at(number: int, act: Callable[[], object]) -> bool:
    """Whether a child was killed (kill -9) right before its `number`-th call, counted from 1; else it did all."""

    def dying() -> None:
        _patch(lambda at: os.kill(os.getpid(), signal.SIGKILL) if at == number else None)
        act()

    return _killed(ended(forked(dying)))


def dies_within(seconds: float, act: Callable[[], object]) -> bool:
    """Whether a child was killed (kill -9) when it had so many seconds; else it did all."""

    def die() -> None:
        time.sleep(seconds)
        os.kill(os.getpid(), signal.SIGKILL)

    def timed() -> None:
        threading.Thread(target=die, daemon=True).start()
        act()

    return _killed(ended(forked(timed)))


def _killed(status: int) -> bool:
    assert status in (0, -signal.SIGKILL)
    return status != 0


def _patch(before: Callable[[int], object]) -> Callable[[], int]:
    """Calls `before` with its number before each call; returns what tells how many there were."""
    counter, asked = count(1), 0

    def patched(real: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(real)
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal asked
            asked = next(counter)
            before(asked)
            return real(*arguments, **named)

        return call

    for name in ASKED:
        setattr(os, name, patched(getattr(os, name)))
    return lambda: asked


def forked(act: Callable[[], object]) -> int:
    """A child that does `act`; its number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # no other thread holds a lock in these tests
        child = os.fork()
    if child == 0:
        status = 1
        try:
            act()
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    return child


def ended(child: int) -> int:
    """Waits for it; its exit code, or the negative number of the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
