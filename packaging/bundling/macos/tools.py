"""Apple's own tools for the command line."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from bundling.failure import BundleError

_TRIES, _PAUSE_S = 6, 5.0


def call(*command: str | Path) -> str:
    """Run a tool; returns what it prints. Raises BundleError with what it complains about."""
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False)
    except OSError as error:
        raise BundleError(f"{command[0]} is needed, and could not be started: {error}") from error
    if done.returncode:
        # Not the whole command: it may hold a password.
        raise BundleError(f"{' '.join(map(str, command[:2]))} failed:\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


def call_patiently(*command: str | Path, pause_s: float = _PAUSE_S) -> str:
    """As `call`, some times more: macOS' own scanner holds on to new disk images now and then, and hdiutil says
    "Resource busy" (https://github.com/actions/runner-images/issues/7522)."""
    for _ in range(_TRIES - 1):
        try:
            return call(*command)
        except BundleError as error:
            print(f"{error}\nOnce more ...", flush=True)
        time.sleep(pause_s)
    return call(*command)


def setting(name: str) -> str | None:
    """An environment variable; None where it is empty, as a secret is for a workflow that may not know it."""
    return os.environ.get(name, "").strip() or None
