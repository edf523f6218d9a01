from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from musicmed_desktop.cli.interruption import interruptible

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot send these signals to a process")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_request_is_an_answer_and_the_handlers_come_back(number: int) -> None:
    before = signal.getsignal(number)
    with interruptible() as stopped:
        assert not stopped()
        os.kill(os.getpid(), number)
        assert stopped()
        assert signal.getsignal(number) == signal.SIG_DFL
    assert signal.getsignal(number) == before


def test_the_second_request_ends_the_process() -> None:
    twice = (
        "import os, signal; from musicmed_desktop.cli.interruption import interruptible\n"
        "with interruptible():\n"
        "    os.kill(os.getpid(), signal.SIGINT); print('first', flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGINT); print('second', flush=True)\n"
    )
    done = subprocess.run([sys.executable, "-c", twice], capture_output=True, text=True, check=False)
    assert done.stdout == "first\n"
    assert done.returncode == -signal.SIGINT
