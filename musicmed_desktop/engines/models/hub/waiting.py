"""Waiting for what may never come, without making anybody wait who has changed their mind."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import closing
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")
Pulse = Callable[[], object]  # is called ten times a second while nothing comes; may raise, which ends the waiting
_BEAT_S = 0.1
_AHEAD = 2  # items that may be there before they are wanted: few, as they are lost where nobody wants them any more
_END = object()


def rest(seconds: float, pulse: Pulse) -> None:
    """Do nothing for `seconds`."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        pulse()
        time.sleep(min(_BEAT_S, left))


def awaited(work: Generator[T, None, None], pulse: Pulse) -> Generator[T, None, None]:
    """What `work` yields and raises; it runs in a thread of its own.

    A network can keep its caller for minutes, in a name server already, and knows no way to be called back. Whoever
    leaves (closes this iterator, or raises from `pulse`) is free at once; the thread ends with its next item or its
    own time limit.
    """
    items: Queue[T | object] = Queue(_AHEAD)
    left, failures = Event(), list[BaseException]()
    Thread(target=_work, args=(work, items, left, failures), name="waiting for the network", daemon=True).start()
    try:
        while True:
            try:
                item = items.get(timeout=_BEAT_S)
            except Empty:
                pulse()
                continue
            if item is _END:
                break
            yield item  # type: ignore[misc]
    finally:
        left.set()
    if failures:
        raise failures[0]


def _work(work: Generator[T, None, None], items: Queue[T | object], left: Event, failures: list[BaseException]) -> None:
    try:
        with closing(work):
            for item in work:
                if not _hand_over(item, items, left):
                    return
    except BaseException as error:  # raised again where it is waited for
        failures.append(error)
    _hand_over(_END, items, left)


def _hand_over(item: object, items: Queue[T | object], left: Event) -> bool:
    """Whether it was still wanted."""
    while not left.is_set():
        try:
            items.put(item, timeout=_BEAT_S)
            return True
        except Full:
            continue
    return False
