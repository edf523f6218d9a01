from __future__ import annotations

import threading

import pytest

from musicmed_desktop.audio import successor
from musicmed_desktop.audio.successor import Successor
from musicmed_desktop.errors import UserError
from tests.fakes.outputs import CapturingOutput, wait_until


def test_a_sound_system_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(successor, "OPENING_S", 0.1)
    answers, output = threading.Event(), CapturingOutput()

    def open_output() -> CapturingOutput:
        answers.wait()
        return output

    with pytest.raises(UserError, match="does not answer"):
        Successor(open_output).open()
    answers.set()
    wait_until(lambda: output.closed)  # nobody wants it any more


def sought(following: Successor) -> bool:
    following.seek(lost=False)
    return following.line is not None


def test_what_is_wanted_meanwhile_follows() -> None:
    first, second, third = CapturingOutput(), CapturingOutput(), CapturingOutput()
    following = Successor(lambda: first)
    assert following.open().output is first
    following.want(lambda: second)
    following.seek(lost=False)
    following.want(lambda: third)
    wait_until(lambda: sought(following))
    line = following.take()
    assert line is not None
    assert line.output is second
    wait_until(lambda: sought(following))
    following.close()
    assert third.closed
    first.close()
    second.close()
