from __future__ import annotations

import pytest

from musicmed_desktop.engines.models.progress import CancelledError, Meter, Progress


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_speed_and_time_left_are_known_after_a_second() -> None:
    clock, told = Clock(), list[Progress]()
    meter = Meter("downloading", 1000, told.append, clock=clock)
    assert told == [Progress("downloading", 0, 1000)]
    clock.now = 0.5
    meter.count(50)
    assert told[-1] == Progress("downloading", 50, 1000)
    clock.now = 2.0
    meter.count(150)
    assert told[-1] == Progress("downloading", 200, 1000, speed=100.0, left_s=8.0)


def test_what_was_there_before_is_no_speed() -> None:
    clock, told = Clock(), list[Progress]()
    meter = Meter("downloading", 1000, told.append, begin_at=600, clock=clock)
    clock.now = 2.0
    meter.count(100)
    assert told[-1] == Progress("downloading", 700, 1000, speed=50.0, left_s=6.0)


def test_speed_follows_the_line() -> None:
    clock, told = Clock(), list[Progress]()
    meter = Meter("downloading", 10_000, told.append, clock=clock)
    for _ in range(60):
        clock.now += 1
        meter.count(100)
    for _ in range(12):
        clock.now += 1
        meter.count(10)
    assert told[-1].speed == 10.0


def test_it_is_told_ten_times_a_second_and_at_the_end() -> None:
    clock, told = Clock(), list[Progress]()
    meter = Meter("checking", 1000, told.append, clock=clock)
    for _ in range(1000):
        clock.now += 0.001
        meter.count(1)
    assert 10 <= len(told) <= 13
    assert told[-1].done == 1000


def test_a_step_back_is_no_speed() -> None:
    clock, told = Clock(), list[Progress]()
    meter = Meter("downloading", 1000, told.append, clock=clock)
    clock.now = 2
    meter.count(500)
    clock.now = 4
    meter.count(-500)
    assert told[-1] == Progress("downloading", 0, 1000)


def test_cancelling_ends_the_work() -> None:
    meter = Meter("copying", 10, cancelled=lambda: True)
    with pytest.raises(CancelledError):
        meter.count(1)
    assert meter.done == 0
