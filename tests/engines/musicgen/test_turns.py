"""Turns: one clip at a time, and none that rests for ever keeps the others waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from musicmed_desktop.engines.base import CancelledError
from musicmed_desktop.engines.musicgen.turns import Turns


def never() -> bool:
    return False


class Waiter:
    """Takes a turn in a thread of its own and keeps it until it is told to `go_on`."""

    def __init__(self, turns: Turns, cancelled: Callable[[], bool] = never) -> None:
        self.got = threading.Event()
        self.cancelled = threading.Event()
        self.go_on = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(turns, cancelled))
        self._thread.start()

    def _run(self, turns: Turns, cancelled: Callable[[], bool]) -> None:
        try:
            turn = turns.take(cancelled)
        except CancelledError:
            self.cancelled.set()
            return
        self.got.set()
        self.go_on.wait(5.0)
        turn.end()

    def end(self) -> None:
        self.go_on.set()
        self._thread.join(5.0)


def test_a_second_one_waits_for_the_first_ones_end() -> None:
    turns = Turns()
    first = turns.take(never)
    second = Waiter(turns)
    assert not second.got.wait(0.1)
    first.end()
    assert second.got.wait(2.0)
    second.end()
    turns.take(never).end()


def test_a_clip_that_rests_keeps_its_turn_while_somebody_listens() -> None:
    turns = Turns()
    first = turns.take(never)
    first.rest()
    second = Waiter(turns)
    assert not second.got.wait(0.1)
    first.resume()  # nothing was lost
    first.end()
    assert second.got.wait(2.0)
    second.end()


def test_a_clip_that_was_cancelled_while_it_rests_loses_its_turn_in_the_same_thread() -> None:
    turns, gone = Turns(), threading.Event()
    old = turns.take(gone.is_set)
    old.rest()
    gone.set()
    patience = time.monotonic() + 2.0
    new = turns.take(lambda: time.monotonic() > patience)  # must not wait: the old one may never be asked for more
    with pytest.raises(CancelledError):
        old.resume()
    old.end()  # takes nothing from the new one
    third = Waiter(turns)
    assert not third.got.wait(0.1)
    new.end()
    assert third.got.wait(2.0)
    third.end()


def test_a_clip_that_was_cancelled_while_it_computes_ends_first() -> None:
    turns, gone = Turns(), threading.Event()
    old = turns.take(gone.is_set)
    gone.set()
    new = Waiter(turns)
    assert not new.got.wait(0.1)
    old.end()
    assert new.got.wait(2.0)
    new.end()


def test_a_clip_that_nobody_replaced_may_go_on() -> None:
    turns, gone = Turns(), threading.Event()
    turn = turns.take(gone.is_set)
    turn.rest()
    gone.set()
    turn.resume()
    turn.end()
    turns.take(never).end()


def test_whoever_is_cancelled_stops_waiting() -> None:
    turns, gone = Turns(), threading.Event()
    first = turns.take(never)
    waiting = Waiter(turns, gone.is_set)
    assert not waiting.cancelled.wait(0.05)
    gone.set()
    assert waiting.cancelled.wait(2.0)
    waiting.end()
    first.end()
    turns.take(never).end()


def test_of_many_only_one_has_the_turn() -> None:
    turns, inside, most = Turns(), [0], [0]

    def work() -> None:
        for _ in range(5):
            turn = turns.take(never)
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            turn.rest()
            time.sleep(0.001)
            turn.resume()
            inside[0] -= 1
            turn.end()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10.0)
    assert most == [1]
    assert inside == [0]
