"""The self-test as a user starts it: a process of its own, with the real composer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from musicmed_desktop.library import Library

KEYS = (
    *("ok", "time_to_window_s", "heavy_modules", "time_to_first_sound_s", "longest_stall_ms", "underruns"),
    *("session_id", "screens"),
)


def self_test(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "musicmed_desktop.app", "--self-test", *arguments]
    environ = os.environ | {"MUSICMED_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=300, check=False)


def test_it_goes_all_the_way(tmp_path: Path) -> None:
    done = self_test(tmp_path, "--minutes", "1", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["ok"], report["problem"]) == (0, True, "")
    assert set(KEYS) <= report.keys()
    assert report["heavy_modules"] == []
    assert report["screens"] == ["introduction", "check_in", "listening", "check_out", "sessions"]
    library = Library(tmp_path)
    (entry,) = library.entries()
    assert (entry.id, entry.after is not None) == (report["session_id"], True)
    assert library.record(entry.id).audio.duration_s == pytest.approx(60, abs=0.1)
    assert all(report[name] > 0 for name in ("time_to_window_s", "time_to_first_sound_s", "longest_stall_ms"))


def test_it_says_what_stood_in_the_way(tmp_path: Path) -> None:
    """A file where the sessions should go."""
    (tmp_path / "sessions").write_text("in the way")
    done = self_test(tmp_path, "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["ok"]) == (1, False)
    assert "sessions" in report["problem"]
