"""Programs that fail, and what the next start finds. Each one is a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from musicmed_desktop.crash import mark_shown, previous_crash
from musicmed_desktop.crash.reports import save, tidy

ROOT = Path(__file__).parents[2]
START = """
import faulthandler, os, sys, threading
from pathlib import Path
from musicmed_desktop import crash
folder = Path(sys.argv[1])
crash.install(folder, lambda text: print("told", len(text.splitlines()) > 4, flush=True))
from musicmed_desktop.affect import mood
"""


def run(folder: Path, program: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", START + program, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_what_nobody_caught_is_reported_and_offered_once(tmp_path: Path) -> None:
    done = run(tmp_path / "log", "mood('desperate maria')")
    assert (done.returncode, done.stdout) == (1, "told True\n")
    text = previous_crash(tmp_path / "log")
    assert text is not None
    assert text in done.stderr
    assert "In the main thread:" in text
    assert "musicmed_desktop/affect/moods.py" in text
    for private in ("desperate", "maria", str(ROOT), str(Path.home())):
        assert private not in text + done.stderr
    mark_shown(tmp_path / "log")
    assert previous_crash(tmp_path / "log") is None
    assert any(path.name.endswith(".shown.txt") for path in (tmp_path / "log").iterdir())


def test_a_failing_thread_is_reported_and_the_program_goes_on(tmp_path: Path) -> None:
    program = """
for words in ("desperate", "desperate", "other words"):
    thread = threading.Thread(target=lambda: mood(words), name="maria")
    thread.start()
    thread.join()
thread = threading.Thread(target=sys.exit)
thread.start()
thread.join()
print("still here")
"""
    done = run(tmp_path, program)
    assert (done.returncode, done.stdout) == (0, "told True\nstill here\n")  # the same failure is told once
    text = previous_crash(tmp_path)
    assert text is not None
    assert "In another thread:" in text
    assert "desperate" not in text + done.stderr
    assert "maria" not in text + done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows ends differently")
@pytest.mark.parametrize("fault", ["faulthandler._sigsegv()", "os.abort()", "faulthandler._sigfpe()"])
def test_what_kills_the_interpreter_is_found_at_the_next_start(tmp_path: Path, fault: str) -> None:
    done = run(tmp_path, fault)
    assert done.returncode < 0
    text = previous_crash(tmp_path)
    assert text is not None
    assert "Fatal Python error: " in text
    assert "MusicMed Desktop" in text
    assert str(ROOT) not in text
    run(tmp_path, "print('the next start')")
    assert previous_crash(tmp_path) == text
    mark_shown(tmp_path)
    assert previous_crash(tmp_path) is None


@pytest.mark.parametrize(
    "program", ["pass", "sys.exit(3)", "raise SystemExit", "os._exit(0)", "raise KeyboardInterrupt"]
)
def test_an_orderly_end_leaves_no_report(tmp_path: Path, program: str) -> None:
    done = run(tmp_path, program)
    assert done.stdout == ""
    assert previous_crash(tmp_path) is None


def test_a_dump_of_what_was_survived_is_no_crash(tmp_path: Path) -> None:
    """As Windows makes them: faulthandler writes, and the program goes on."""
    program = "faulthandler.dump_traceback(next(folder.glob('fault-*')).open('a'))"
    assert run(tmp_path, program).returncode == 0
    assert previous_crash(tmp_path) is None


def test_empty_files_do_not_pile_up(tmp_path: Path) -> None:
    for _ in range(3):
        run(tmp_path, "os._exit(0)")
    assert len(list(tmp_path.iterdir())) == 1


def test_only_the_newest_reports_are_kept(tmp_path: Path) -> None:
    for number in range(25):
        save(tmp_path, f"report {number}")
        time.sleep(0.002)
    tidy(tmp_path)
    assert len(list(tmp_path.iterdir())) == 20
    assert previous_crash(tmp_path) == "report 24"


def test_without_a_folder_nothing_stops(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    assert previous_crash(tmp_path / "none") is None
    mark_shown(tmp_path / "none")
    done = run(tmp_path / "file", "mood('desperate')")
    assert (done.returncode, done.stdout) == (1, "told True\n")
    assert (tmp_path / "file").read_text() == "mine"


def test_a_failing_hook_does_not_loop(tmp_path: Path) -> None:
    program = """
crash.install(folder, lambda text: 1 / 0)
mood('desperate')
"""
    done = run(tmp_path, program)
    assert done.returncode == 1
    assert done.stderr.count("musicmed_desktop.errors.UserError") >= 1
    assert len(list(tmp_path.glob("crash-*"))) == 1
