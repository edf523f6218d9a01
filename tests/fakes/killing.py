"""Programs that are killed at a moment of chance or may do little, and small disks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def kill_while(program: str, *arguments: str, seconds: float) -> str:
    """Run `program`, wait for its first line, kill it `seconds` later; returns all that it printed."""
    command = [sys.executable, "-c", program, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running:
        assert running.stdout is not None
        first = running.stdout.readline()
        time.sleep(seconds)
        running.kill()
        return first + running.stdout.read()


@contextmanager
def small_disk(place: Path, options: str = "size=64k") -> Iterator[Path]:
    """A disk of its own at `place`; the test is skipped where none may be mounted."""
    place.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("may not mount a disk here")
    try:
        yield place
    finally:
        # Lazily: a test that failed may hold a file open, and must not leave a disk behind.
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def without_privileges(*command: str) -> tuple[str, ...]:
    """The command, held to the permissions of files even where it is root who tests; skipped where that cannot be."""
    if os.geteuid():
        return command
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root may look everywhere")
    held = "-dac_override,-dac_read_search"
    return (setpriv, "--bounding-set", held, "--inh-caps", held, *command)
