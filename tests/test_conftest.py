"""The guard against leaked threads guards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_LEAKY = """
import threading

def forgets(event=threading.Event()):
    threading.Thread(target=event.wait, args=(30,), name="forgotten", daemon=True).start()

def test_leaky():
    forgets()

def test_tidy():
    thread = threading.Thread(target=int)
    thread.start()
"""


def test_a_leaked_thread_fails_its_test_and_is_named_with_its_place(tmp_path: Path) -> None:
    guard = Path(__file__).with_name("conftest.py").read_text(encoding="utf-8")
    (tmp_path / "conftest.py").write_text(guard, encoding="utf-8")
    (tmp_path / "test_leaky.py").write_text(_LEAKY, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "forgotten, started at" in done.stdout
    assert "in forgets" in done.stdout
    assert "2 passed, 1 error" in done.stdout
