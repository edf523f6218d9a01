from __future__ import annotations

import time

import pytest

from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.audio.silent import BLOCK_S, SilentOutput
from tests.fakes.outputs import CapturingOutput, wait_until


def asked_s(speed: float) -> tuple[float, float]:
    """How much sound was asked for, in real time, and how long that took."""
    frames, begin = 0, time.perf_counter()
    output = SilentOutput(8000, 1, speed)

    def count(block: Frames) -> None:
        nonlocal frames
        frames += len(block)

    output.start(count)
    time.sleep(0.3)
    output.close()
    return frames / 8000 / speed, time.perf_counter() - begin


@pytest.mark.parametrize("speed", [1.0, 20.0, 100.0])
def test_it_asks_for_as_much_as_the_clock_tells(speed: float) -> None:
    """Where the computer is busy its clock may stand still for a while, but not at each attempt."""
    attempts = (asked_s(speed) for _ in range(5))
    assert any(asked == pytest.approx(passed, abs=3 * BLOCK_S) for asked, passed in attempts)


def test_it_asks_no_more_once_it_is_closed() -> None:
    output = CapturingOutput()
    output.start(lambda block: block.fill(1.0))
    wait_until(lambda: bool(output.blocks))
    assert output.alive
    output.close()
    asked = len(output.blocks)
    time.sleep(0.05)
    assert len(output.blocks) == asked
    assert not output.alive


def test_it_may_be_closed_without_having_started() -> None:
    output = SilentOutput()
    output.close()
    assert not output.alive


@pytest.mark.parametrize("speed", [0.0, 0.5, 101.0])
def test_impossible_speeds(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        SilentOutput(speed=speed)
