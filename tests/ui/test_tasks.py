from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.tasks import Tasks


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    tasks = Tasks()
    yield tasks
    tasks.close()


def test_work_is_done_elsewhere_and_its_result_comes_here(qtbot: QtBot, tasks: Tasks) -> None:
    here: list[tuple[str, str]] = []
    tasks.run(
        lambda: threading.current_thread().name,
        done=lambda worker: here.append((worker, threading.current_thread().name)),
    )
    qtbot.waitUntil(lambda: bool(here))
    assert here[0][0].startswith("task")
    assert here[0][1] == "MainThread"


def test_results_come_in_the_order_of_the_work(qtbot: QtBot, tasks: Tasks) -> None:
    came: list[int] = []
    for number in range(20):
        tasks.run(lambda number=number: number, done=came.append)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(came) == 20)
    assert came == list(range(20))


def test_what_the_user_can_mend_is_said(qtbot: QtBot, tasks: Tasks) -> None:
    said: list[UserError] = []

    def refuse() -> None:
        raise UserError("The disk is full.", "Free some space.")

    tasks.run(refuse, failed=said.append)
    qtbot.waitUntil(lambda: bool(said))
    assert said[0].title == "The disk is full."


def test_a_bug_surfaces(qtbot: QtBot, tasks: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_: seen.append(kind))
    tasks.run(lambda: 1 / 0)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [ZeroDivisionError]


def test_after_closing_all_is_done_and_nothing_is_handed_on(qtbot: QtBot) -> None:
    """What the listener asked for last, such as a new title, is not lost."""
    tasks = Tasks()
    go = threading.Event()
    did: list[str] = []
    came: list[object] = []

    def first() -> None:
        go.wait(5)
        did.append("first")

    def second() -> None:
        did.append("second")

    tasks.run(first, done=came.append)
    tasks.run(second, done=came.append)
    threading.Timer(0.05, go.set).start()
    tasks.close()
    qtbot.wait(50)
    assert did == ["first", "second"]
    assert came == []


def test_long_work_keeps_nothing_else_waiting(tasks: Tasks, qtbot: QtBot) -> None:
    go_on = threading.Event()
    done: list[str] = []
    tasks.run_apart(lambda: go_on.wait(5), lambda _: done.append("long"))
    tasks.run(lambda: None, lambda _: done.append("short"))
    qtbot.waitUntil(lambda: done == ["short"])
    go_on.set()
    qtbot.waitUntil(lambda: done == ["short", "long"])


def test_long_work_that_fails_says_so(tasks: Tasks, qtbot: QtBot) -> None:
    def fail() -> None:
        raise UserError("The disk is full.")

    said: list[str] = []
    tasks.run_apart(fail, failed=lambda error: said.append(error.title))
    qtbot.waitUntil(lambda: said == ["The disk is full."])
