"""What is waited for can be left at once."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import closing
from threading import Event

import pytest

from musicmed_desktop.engines.models.hub.waiting import awaited, rest


def idle() -> None:
    pass


def leave() -> None:
    raise InterruptedError


def test_everything_comes_in_order() -> None:
    def numbers() -> Generator[int, None, None]:
        yield from range(1000)

    assert list(awaited(numbers(), idle)) == list(range(1000))


def test_what_the_work_raises_comes_after_what_it_made() -> None:
    def fails() -> Generator[int, None, None]:
        yield 1
        raise ConnectionError("cut")

    work = awaited(fails(), idle)
    assert next(work) == 1
    with pytest.raises(ConnectionError, match="cut"):
        next(work)


def test_nobody_waits_for_work_that_hangs() -> None:
    let_go, ended = Event(), Event()

    def hangs() -> Generator[int, None, None]:
        try:
            let_go.wait(10)
            yield 1
        finally:
            ended.set()

    began = time.monotonic()
    with pytest.raises(InterruptedError):
        list(awaited(hangs(), leave))
    assert time.monotonic() - began < 2
    let_go.set()
    assert ended.wait(1)


def test_work_that_nobody_wants_any_more_ends() -> None:
    ended = Event()

    def endless() -> Generator[int, None, None]:
        try:
            while True:
                yield 1
        finally:
            ended.set()

    with closing(awaited(endless(), idle)) as work:
        assert next(work) == 1
    assert ended.wait(1)


def test_a_rest_ends_early_where_somebody_wants_it_to() -> None:
    began = time.monotonic()
    rest(0.15, idle)
    assert 0.15 <= time.monotonic() - began < 2
    with pytest.raises(InterruptedError):
        rest(60, leave)
