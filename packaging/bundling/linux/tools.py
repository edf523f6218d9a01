"""Calling the programs of the system that installers are made with."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from bundling.failure import BundleError


def call(*command: str | Path, package: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """Run a program to its end; returns what it printed. `env` is added to the environment.

    Raises BundleError where it is not here, and says which Debian `package` has it, or where it fails, with its words.
    """
    environ = {**os.environ, "LC_ALL": "C.UTF-8", **(env or {})}
    try:
        done = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, encoding="utf-8", check=False)
    except FileNotFoundError:
        raise BundleError(f"{command[0]} is missing. Install the package {package}, and start again.") from None
    if done.returncode:
        raise BundleError(f"{command[0]} failed with exit code {done.returncode}:\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout
