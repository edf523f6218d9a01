"""The script with which a bundle starts, run by Python."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from musicmed_desktop import __version__

START = Path(__file__).parents[2] / "packaging" / "bundling" / "spec" / "start.py"


def start(name: str, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Start it as a program of this name."""
    code = f"import runpy, sys; sys.argv[0] = {name!r}; runpy.run_path({str(START)!r}, run_name='__main__')"
    command = [sys.executable, "-c", code, *arguments]
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen"} | environ
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_by_its_name_it_is_the_program_for_the_terminal() -> None:
    done = start("/usr/bin/musicmed", "--help")
    assert done.returncode == 0
    assert "compose" in done.stdout


@pytest.mark.parametrize("name", ["/opt/musicmed-desktop/musicmed-desktop", "C:/Apps/musicmed-desktop.exe"])
def test_else_it_is_the_window_which_knows_the_commands_too(name: str) -> None:
    assert "--self-test" in start(name, "--help").stdout
    assert __version__ in start(name, "--version").stdout


def test_a_module_of_its_own_is_run_as_python_does() -> None:
    done = start("musicmed-desktop", "-m", "musicmed_desktop.cli", "moods", "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Usage:")
    assert " moods " in done.stdout.splitlines()[0]


def test_no_other_module_is_run() -> None:
    done = start("musicmed-desktop", "-m", "this")
    assert done.returncode != 0
    assert "Beautiful" not in done.stdout
