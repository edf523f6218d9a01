"""A process that has everything imported, and becomes a child for each act in a moment."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.faults.refusing import Refusal

ROOT = Path(__file__).parents[2]
PATIENCE_S = 30.0
_LATE = ("soundfile", "sqlcipher3.dbapi2", "symusic")  # what a session imports only when it is needed


@dataclass(frozen=True)
class Ended:
    """How a child ended: `status` is its exit status, or minus the signal; `said` are its announcements, in order."""

    status: int
    said: tuple[dict[str, Any], ...]
    noise: str  # all else that it printed: a traceback

    def told(self, key: str) -> list[Any]:
        """The values of all announcements of this kind."""
        return [each[key] for each in self.said if key in each]


class Child:
    """A running act."""

    def __init__(self, zygote: Zygote, pid: int, log: Path) -> None:
        self._zygote = zygote
        self._pid = pid
        self._log = log

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)  # the zygote has not waited for it: the number is still the child's

    def kill_once_told(self, key: str) -> None:
        """Wait until it announced this, for PATIENCE_S at most, and kill it."""
        deadline = time.monotonic() + PATIENCE_S
        while not self._told(0).told(key) and time.monotonic() < deadline:
            time.sleep(0.005)
        self.kill()

    def ended(self) -> Ended:
        """Wait for it."""
        return self._told(int(self._zygote.ask({"wait": self._pid})))

    def _told(self, status: int) -> Ended:
        if not self._log.exists():
            return Ended(status, (), "")
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        said = tuple(json.loads(line) for line in lines if line.startswith("{"))
        return Ended(status, said, "\n".join(line for line in lines if not line.startswith("{")))


class Zygote:
    """Runs acts of tests/faults/acts.py, each in a process of its own; `folder` holds what they print.

    A context manager. `refusing` is what `refusing.build` made; without it nothing can be refused.
    """

    def __init__(self, folder: Path, refusing: Path | None = None) -> None:
        self._folder = folder
        self.can_refuse = refusing is not None
        self._count = 0
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "LD_PRELOAD": str(refusing or "")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.zygote", str(refusing or "")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=environment,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()  # its input ends, and so does it

    def start(self, act: str, *arguments: str | float, refusal: Refusal | None = None) -> Child:
        """Begin the function `act` with `arguments`, under `refusal`."""
        self._count += 1
        log = self._folder / f"child-{self._count}.log"
        order = {"act": act, "arguments": arguments, "log": str(log), "refusal": refusal and asdict(refusal)}
        return Child(self, int(self.ask(order)), log)

    def run(self, act: str, *arguments: str | float, refusal: Refusal | None = None) -> Ended:
        return self.start(act, *arguments, refusal=refusal).ended()

    def ask(self, order: dict[str, Any]) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()


def _serve(refusing: str) -> None:
    """The zygote's own side: fork for each act and tell the child's number, or wait for one and tell how it ended."""
    from tests.faults import acts

    for name in _LATE:
        import_module(name)
    running: set[int] = set()
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            print(os.waitstatus_to_exitcode(os.waitpid(order["wait"], 0)[1]), flush=True)
            running.remove(order["wait"])
        elif pid := os.fork():
            print(pid, flush=True)
            running.add(pid)
        else:
            _become(order, refusing, acts.perform)
    for pid in running:  # nobody waits for them any more
        os.kill(pid, signal.SIGKILL)


def _become(order: dict[str, Any], refusing: str, perform: Callable[..., None]) -> None:
    """The child's side; never returns."""
    import faulthandler
    import traceback

    log = os.open(order["log"], os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_APPEND)
    for stream in (0, 1, 2):
        os.dup2(log, stream)
    faulthandler.enable(2)
    status = 1
    try:
        if order["refusal"] is not None:
            Refusal(**order["refusal"]).start(Path(refusing))
        perform(order["act"], *order["arguments"])
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    _serve(sys.argv[1])
