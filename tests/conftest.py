"""A test fails on a thread that it leaves behind, and knows nothing of what its user keeps."""

from __future__ import annotations

import os
import threading
import time
import traceback
from collections.abc import Iterator
from weakref import WeakKeyDictionary

import pytest

from musicmed_desktop.paths import HOME

# Where tests run side by side, every process has a core: torch's threads would wait for each other's.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

_GRACE_S = 1.0
_started_at: WeakKeyDictionary[threading.Thread, str] = WeakKeyDictionary()
_start = threading.Thread.start


def _start_with_note(thread: threading.Thread) -> None:
    _started_at[thread] = "".join(traceback.format_stack(limit=8)[:-1])
    _start(thread)


threading.Thread.start = _start_with_note  # type: ignore[method-assign, assignment]


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Sessions, settings and models of whoever runs the tests are neither used nor touched."""
    before = os.environ.get(HOME)
    os.environ[HOME] = str(tmp_path_factory.mktemp("home"))
    yield
    if before is None:
        del os.environ[HOME]
    else:
        os.environ[HOME] = before


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Threads may take a moment to end, but they have to."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _GRACE_S
    # Threads of Qt's that Python has met are listed too, but were not started here, and cannot be joined.
    leaked = {thread for thread in set(threading.enumerate()) - before if thread in _started_at}
    for thread in leaked:
        thread.join(max(0.0, deadline - time.monotonic()))
    alive = [thread for thread in leaked if thread.is_alive()]
    if alive:
        places = "\n".join(f"{t.name}, started at\n{_started_at.get(t, '?')}" for t in alive)
        pytest.fail(f"The test left {len(alive)} thread(s) running:\n{places}", pytrace=False)
