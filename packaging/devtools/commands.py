"""The commands of packaging/dev.py."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from devtools.console import SetupError, say
from devtools.environment import Environment, clean_environ

ROOT = Path(__file__).resolve().parents[2]
USAGE = """\
Usage: python3 packaging/dev.py COMMAND

  run [ARGS...]     set up what is needed, then start MusicMed Desktop; ARGS are handed on to it
  test [ARGS...]    set up, then run every check and test; ARGS are handed on to pytest
  setup [EXTRA...]  only set up: make .venv beside this project and install into it, and each EXTRA of:
                    {extras}
  bundle [FLAVOUR...]
                    make the installers for this system in dist, and try them out; FLAVOUR is one of:
                    {flavours} (without: each)
  cleanroom DEB [--previous DEB]
                    install a .deb in a fresh Debian, try it out, take it away again
"""


def dispatch(arguments: Sequence[str]) -> int:
    """Carry out one command line; returns the exit code."""
    command, *rest = arguments or ("",)
    environment = Environment(ROOT)
    names = {"setup": sorted(environment.known_extras), "bundle": list(environment.flavours)}
    usage = USAGE.format(extras=", ".join(names["setup"]), flavours=", ".join(names["bundle"]))
    if command in ("-h", "--help"):
        print(usage, end="")
        return 0
    if command not in _COMMANDS or not set(rest) <= set(names.get(command, rest)):
        print(usage, end="", file=sys.stderr)
        return 2
    try:
        return _COMMANDS[command](environment, rest)
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("\nStopped. The next start goes on from here.")
        return 130


def _setup(environment: Environment, extras: Sequence[str]) -> int:
    environment.prepare(extras)
    return 0


def _run(environment: Environment, arguments: Sequence[str]) -> int:
    environment.prepare()
    return start_app(environment, arguments)


def _test(environment: Environment, arguments: Sequence[str]) -> int:
    environment.prepare(["test"])
    return run_checks(checks(environment, arguments))


def _bundle(environment: Environment, flavours: Sequence[str]) -> int:
    for flavour in flavours or environment.flavours:
        if code := _bundling(environment, flavour, "bundling", flavour):
            return code
    return 0


def _cleanroom(environment: Environment, arguments: Sequence[str]) -> int:
    return _bundling(environment, next(iter(environment.flavours)), "bundling.linux.cleanroom", *arguments)


_COMMANDS: dict[str, Callable[[Environment, Sequence[str]], int]] = {
    "setup": _setup,
    "run": _run,
    "test": _test,
    "bundle": _bundle,
    "cleanroom": _cleanroom,
}


def _bundling(environment: Environment, flavour: str, module: str, *arguments: str) -> int:
    """Run a module of packaging/bundling in the flavour's own environment."""
    own = Environment(ROOT, f"build/{flavour}/env")
    own.prepare(environment.flavours[flavour])
    folders = os.pathsep.join((str(ROOT / "packaging"), str(ROOT)))
    command = [str(own.program("python")), "-m", module, *arguments]
    return subprocess.call(command, env=clean_environ() | {"PYTHONPATH": folders})


def start_app(environment: Environment, arguments: Sequence[str]) -> int:
    """Start the app in the caller's folder; where the system can, it takes this process over."""
    # -P: a file in the caller's folder must not stand in for a module of ours.
    command = [str(environment.program("python")), "-P", "-m", "musicmed_desktop.app", *arguments]
    if os.name != "nt":
        os.execve(command[0], command, clean_environ())
    # Windows cannot replace a process; Ctrl-C reaches both, and is the app's to answer.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.call(command, env=clean_environ())


_SIDE_BY_SIDE = ("--numprocesses", "2", "--dist", "worksteal")  # many tests wait for sound or for another program


def checks(environment: Environment, pytest_arguments: Sequence[str]) -> dict[str, list[str]]:
    """The checks by name, in the order in which they run: the quick ones first."""
    python = str(environment.program("python"))
    ruff = str(environment.program("ruff"))
    return {
        "ruff check": [ruff, "check", "."],
        "ruff format": [ruff, "format", "--check", "."],
        "mypy": [python, "-m", "mypy"],
        "import-linter": [str(environment.program("lint-imports"))],
        "pytest": [python, "-m", "pytest", *_SIDE_BY_SIDE, *pytest_arguments],
    }


def run_checks(wanted: dict[str, list[str]]) -> int:
    """Run the checks in the project's folder up to the first that fails; returns its exit code, or 0."""
    for name, command in wanted.items():
        say(f"== {name}")
        try:
            code = subprocess.call(command, cwd=ROOT, env=clean_environ())
        except KeyboardInterrupt:
            code = 130
        if code:
            say(f"FAILED: {name} (exit code {code}). The checks end with the first that fails.")
            return code
    say(f"All {len(wanted)} checks passed: {', '.join(wanted)}.")
    return 0
