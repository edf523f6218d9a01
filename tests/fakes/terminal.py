"""A terminal with somebody at it: what a program says there, and what they type."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from select import select

import pytest

_OWN_TERMINAL = "import os; os.login_tty(0)\n"  # as a terminal's own shell does it
_PATIENCE_S = 30.0


@dataclass
class Terminal:
    """`said` is all that has been shown so far."""

    handle: int
    program: subprocess.Popen[bytes]
    said: str = ""

    def wait_for(self, words: str) -> None:
        """Until they are shown; fails where they are not."""
        deadline = time.monotonic() + _PATIENCE_S
        while words not in self.said:
            assert time.monotonic() < deadline, f"{words!r} did not come: {self.said!r}"
            assert self._read(), f"it ended without {words!r}: {self.said!r}"

    def type(self, line: str) -> None:
        os.write(self.handle, line.encode() + b"\n")

    def press_ctrl_c(self) -> None:
        os.write(self.handle, b"\x03")

    def end(self) -> int:
        """The exit code of the program, which ends by itself."""
        while self._read():
            pass
        return self.program.wait(_PATIENCE_S)

    def _read(self) -> bool:
        """Whether there may be more."""
        if not select([self.handle], [], [], _PATIENCE_S)[0]:
            return False
        data = b""
        with suppress(OSError):  # Linux's way to say that nobody has the terminal open any more
            data = os.read(self.handle, 65536)
        self.said += data.decode(errors="replace")
        return bool(data)


@contextmanager
def terminal(program: str, *arguments: str, environ: Mapping[str, str]) -> Iterator[Terminal]:
    """Run a Python `program` on a terminal of its own; not on Windows."""
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", _OWN_TERMINAL + program, *arguments]
    running = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ)
    os.close(theirs)
    try:
        yield Terminal(ours, running)
    finally:
        running.kill()
        running.wait()
        os.close(ours)


def shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> str:
    """What `act` shows where standard output is a terminal of 100 columns; the test is skipped where there is none."""
    if os.name == "nt":
        pytest.skip("there are no pseudo-terminals")
    import pty

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    reading, writing = pty.openpty()
    with os.fdopen(writing, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stdout", terminal)
        act()
    return _read_to_end(reading)


def _read_to_end(terminal: int) -> str:
    """All that was written to a pseudo-terminal: one read may return a part of it alone."""
    parts = []
    with suppress(OSError):  # Linux says so when the other end is closed and all is read
        while part := os.read(terminal, 4096):
            parts.append(part)
    os.close(terminal)
    return b"".join(parts).decode()
