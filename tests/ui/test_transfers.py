"""Long work on a thread of its own: followed, paused, gone on with, cancelled, and never waited for at the end."""

from __future__ import annotations

import sys
import threading
from dataclasses import replace
from itertools import pairwise
from time import monotonic

import pytest
from pytestqt.qtbot import QtBot

from musicmed_desktop.engines.models.progress import Cancelled, CancelledError, Meter, Progress, Told
from musicmed_desktop.errors import UserError
from musicmed_desktop.ui import transfers as module
from musicmed_desktop.ui.transfers import Transfer, Transfers

TOTAL = 1000


class Pump:
    """Moves bytes one by one, as long as it is let; what was moved stays, as in a download."""

    def __init__(self) -> None:
        self.moved, self.discarded = 0, 0
        self.gate = threading.Event()
        self.trouble: BaseException | None = None

    def work(self, told: Told, cancelled: Cancelled) -> str:
        meter = Meter("downloading", TOTAL, told, cancelled, begin_at=self.moved)
        while self.moved < TOTAL:
            if self.trouble:
                raise self.trouble
            meter.count(1)
            self.moved += 1
            if self.moved % 100 == 0:
                self.gate.wait(0.02)
        return "All is moved."

    def discard(self) -> None:
        self.moved = 0
        self.discarded += 1

    @property
    def transfer(self) -> Transfer:
        return Transfer("water", "Moving water", self.work, self.discard)


@pytest.fixture
def pump() -> Pump:
    return Pump()


def test_a_work_is_followed_to_its_end(qtbot: QtBot, transfers: Transfers, pump: Pump) -> None:
    states, seen = list[str](), list[Progress]()
    transfers.changed.connect(lambda: states.append(transfers.state))
    transfers.progressed.connect(seen.append)
    with qtbot.waitSignal(transfers.finished) as finished:
        transfers.begin(pump.transfer)
        assert transfers.busy
    assert states == ["running", "idle"]
    assert finished.args is not None
    assert (finished.args[0].about, finished.args[1]) == ("water", "All is moved.")
    assert transfers.transfer is None
    assert seen[0] == Progress("downloading", 0, TOTAL)
    assert all(before.done <= after.done for before, after in pairwise(seen))


def test_the_window_hears_of_it_ten_times_a_second_at_most(qtbot: QtBot, transfers: Transfers) -> None:
    seen = list[Progress]()
    transfers.progressed.connect(seen.append)

    def chatter(told: Told, cancelled: Cancelled) -> str:
        end = monotonic() + 0.35
        while monotonic() < end:
            told(Progress("downloading", 1, 2))
        told(Progress("checking", 0, 2))  # other work is told of at once
        return "Done."

    with qtbot.waitSignal(transfers.finished):
        transfers.begin(Transfer("talk", "Talking", chatter))
    works = [progress.work for progress in seen]
    assert 3 <= works.count("downloading") <= 4
    assert works[-1] == "checking"


def test_paused_it_keeps_what_was_done_and_goes_on_from_there(qtbot: QtBot, transfers: Transfers, pump: Pump) -> None:
    transfers.begin(pump.transfer)
    qtbot.waitUntil(lambda: pump.moved > 0)
    transfers.pause()
    assert transfers.state == "stopping"
    qtbot.waitUntil(lambda: transfers.state == "paused")
    moved = pump.moved
    assert 0 < moved < TOTAL
    assert pump.discarded == 0
    qtbot.wait(30)
    assert pump.moved == moved
    with qtbot.waitSignal(transfers.finished):
        transfers.resume()
    assert pump.moved == TOTAL


def test_cancelled_it_is_thrown_away(qtbot: QtBot, transfers: Transfers, pump: Pump) -> None:
    transfers.begin(pump.transfer)
    qtbot.waitUntil(lambda: pump.moved > 0)
    transfers.cancel()
    qtbot.waitUntil(lambda: transfers.state == "idle")
    assert (pump.moved, pump.discarded) == (0, 1)


def test_what_is_paused_can_be_thrown_away(qtbot: QtBot, transfers: Transfers, pump: Pump) -> None:
    pump.moved = 500
    transfers.offer(pump.transfer, Progress("downloading", 500, TOTAL))
    assert (transfers.state, transfers.busy) == ("paused", False)
    transfers.cancel()
    qtbot.waitUntil(lambda: transfers.state == "idle")
    assert (pump.moved, pump.discarded) == (0, 1)


def test_what_cannot_be_kept_ends_when_it_is_stopped(qtbot: QtBot, transfers: Transfers, pump: Pump) -> None:
    transfers.begin(replace(pump.transfer, discard=None))
    transfers.pause()
    qtbot.waitUntil(lambda: transfers.state == "idle")
    assert pump.discarded == 0


def test_trouble_is_shown_and_can_be_tried_again(qtbot: QtBot, transfers: Transfers, pump: Pump) -> None:
    pump.trouble = UserError("The pump is stuck.", "Kick it.")
    transfers.begin(pump.transfer)
    qtbot.waitUntil(lambda: transfers.state == "failed")
    assert transfers.problem is pump.trouble
    pump.trouble = None
    with qtbot.waitSignal(transfers.finished):
        transfers.resume()
    assert transfers.problem is None


def test_a_discarding_that_fails_is_told(qtbot: QtBot, transfers: Transfers, pump: Pump) -> None:
    def refuse() -> None:
        raise UserError("Somebody is at it.", "Wait.")

    transfers.offer(replace(pump.transfer, discard=refuse), Progress("downloading", 1, TOTAL))
    transfers.cancel()
    qtbot.waitUntil(lambda: transfers.state == "failed")
    assert transfers.problem is not None
    assert transfers.problem.title == "Somebody is at it."


def test_a_bug_surfaces_as_one(qtbot: QtBot, transfers: Transfers, pump: Pump, monkeypatch: pytest.MonkeyPatch) -> None:
    surfaced = list[object]()
    monkeypatch.setattr(sys, "excepthook", lambda *error: surfaced.append(error[1]))
    pump.trouble = ZeroDivisionError("by nought")
    transfers.begin(pump.transfer)
    qtbot.waitUntil(lambda: transfers.state == "failed")
    assert surfaced == [pump.trouble]
    assert transfers.problem is not None
    assert "inside the app" in transfers.problem.title


def test_there_is_one_at_a_time_and_another_takes_the_place_of_one_that_rests(
    qtbot: QtBot, transfers: Transfers, pump: Pump
) -> None:
    transfers.begin(pump.transfer)
    with pytest.raises(RuntimeError):
        transfers.begin(pump.transfer)
    transfers.offer(pump.transfer, Progress("downloading", 0, TOTAL))
    assert transfers.state == "running"
    transfers.pause()
    qtbot.waitUntil(lambda: transfers.state == "paused")
    with qtbot.waitSignal(transfers.finished):
        transfers.begin(Transfer("talk", "Talking", lambda *_: "Said."))
    assert pump.discarded == 0


def test_what_is_left_is_shown_no_more_and_stays(qtbot: QtBot, transfers: Transfers, pump: Pump) -> None:
    pump.moved = 500
    transfers.offer(pump.transfer, Progress("downloading", 500, TOTAL))
    transfers.leave()
    assert (transfers.state, transfers.transfer, pump.moved) == ("idle", None, 500)


def test_closing_pauses(qtbot: QtBot, transfers: Transfers, pump: Pump) -> None:
    changes = list[str]()
    transfers.begin(pump.transfer)
    qtbot.waitUntil(lambda: pump.moved > 0)
    transfers.changed.connect(lambda: changes.append(transfers.state))
    transfers.close()
    moved = pump.moved
    qtbot.wait(50)
    assert (pump.moved, pump.discarded) == (moved, 0)
    assert changes == []


def test_closing_does_not_wait_for_a_thread_that_the_network_keeps(
    qtbot: QtBot, transfers: Transfers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.1)
    answer, ended = threading.Event(), threading.Event()

    def wait(told: Told, cancelled: Cancelled) -> str:
        answer.wait(10)
        told(Progress("downloading", 1, 2))
        ended.set()
        raise CancelledError

    seen = list[Progress]()
    transfers.progressed.connect(seen.append)
    transfers.begin(Transfer("far", "Waiting", wait))
    began = monotonic()
    transfers.close()
    assert monotonic() - began < 1
    answer.set()
    assert ended.wait(5)
    qtbot.wait(20)
    assert seen == []
